/*-------------------------------------------------------------------------
 *
 * gs1_table.c
 *	  The application identifiers of GS1 as data.
 *
 * Vocabulary and source are in gs1_table.h. Not checked, since the lists belong
 * to others and change: countries (ISO 3166), currencies (ISO 4217), types of
 * packages, and the inner structure of IBANs and coupon codes.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/gs1_table.h"

#include <stddef.h>

/* a component of just so many characters, or of 1 to so many; with its check */
#define N(length, check) {GS1_DIGITS, length, length, check, false}
#define OPTIONAL_N(length, check) {GS1_DIGITS, length, length, check, true}
#define N_UP_TO(length, check) {GS1_DIGITS, 1, length, check, false}
#define OPTIONAL_N_UP_TO(length, check) {GS1_DIGITS, 1, length, check, true}
#define OPTIONAL_X(length, check) {GS1_SET_82, length, length, check, true}
#define X(length, check) {GS1_SET_82, length, length, check, false}
#define OPTIONAL_X_UP_TO(length, check) {GS1_SET_82, 1, length, check, true}
#define X_UP_TO(length, check) {GS1_SET_82, 1, length, check, false}
#define Y_UP_TO(length, check) {GS1_SET_39, 1, length, check, false}
#define Z_UP_TO(length, check) {GS1_SET_64, 1, length, check, false}

static const Gs1Ai table[] = {
	{0, 0, true, {N(18, GS1_CHECK_DIGIT)}, NULL, NULL, "SSCC"},
	{1, 1, true, {N(14, GS1_CHECK_DIGIT)}, NULL, "255,37", "GTIN"},
	{2, 2, true, {N(14, GS1_CHECK_DIGIT)}, "37", "01,03", "CONTENT"},
	{3, 3, true, {N(14, GS1_CHECK_DIGIT)}, NULL, "01,02,37,235", "MTO GTIN"},
	{10, 10, false, {X_UP_TO(20, GS1_ANY)}, "01,02,03,8006,8026", NULL, "BATCH/LOT"},
	{11, 11, true, {N(6, GS1_DATE_OR_MONTH)}, "01,02,03,8006,8026", NULL, "PROD DATE"},
	{12, 12, true, {N(6, GS1_DATE_OR_MONTH)}, "8020", NULL, "DUE DATE"},
	{13, 13, true, {N(6, GS1_DATE_OR_MONTH)}, "01,02,03,8006,8026", NULL, "PACK DATE"},
	{15, 15, true, {N(6, GS1_DATE_OR_MONTH)}, "01,02,03,8006,8026", NULL, "BEST BEFORE or BEST BY"},
	{16, 16, true, {N(6, GS1_DATE_OR_MONTH)}, "01,02,03,8006,8026", NULL, "SELL BY"},
	{17, 17, true, {N(6, GS1_DATE_OR_MONTH)}, "01,02,03,255,8006,8026", NULL, "USE BY or EXPIRY"},
	{20, 20, true, {N(2, GS1_ANY)}, "01,02,03,8006,8026", NULL, "VARIANT"},
	{21, 21, false, {X_UP_TO(20, GS1_ANY)}, "01,03,8006", "235", "SERIAL"},
	{22, 22, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "CPV"},
	{30, 30, false, {N_UP_TO(8, GS1_ANY)}, "01,02", NULL, "VAR. COUNT"},
	{37, 37, false, {N_UP_TO(8, GS1_ANY)}, "00+02,00+8026", NULL, "COUNT"},
	{90, 90, false, {X_UP_TO(30, GS1_ANY)}, NULL, NULL, "INTERNAL"},
	{91, 99, false, {X_UP_TO(90, GS1_ANY)}, NULL, NULL, "INTERNAL"},
	{235, 235, false, {X_UP_TO(28, GS1_ANY)}, "01", NULL, "TPX"},
	{240, 240, false, {X_UP_TO(30, GS1_ANY)}, "01,02,03,8006,8026", NULL, "ADDITIONAL ID"},
	{241, 241, false, {X_UP_TO(30, GS1_ANY)}, "01,02,03,8006,8026", NULL, "CUST. PART No."},
	{242, 242, false, {N_UP_TO(6, GS1_ANY)}, "01,02,8006,8026", NULL, "MTO VARIANT"},
	{243, 243, false, {X_UP_TO(20, GS1_ANY)}, "01,03", NULL, "PCN"},
	{250, 250, false, {X_UP_TO(30, GS1_ANY)}, "01+21,03+21,8006+21", NULL, "SECONDARY SERIAL"},
	{251, 251, false, {X_UP_TO(30, GS1_ANY)}, "01,03,8006", NULL, "REF. TO SOURCE"},
	{253, 253, false, {N(13, GS1_CHECK_DIGIT), OPTIONAL_X_UP_TO(17, GS1_ANY)}, NULL, NULL, "GDTI"},
	{254, 254, false, {X_UP_TO(20, GS1_ANY)}, "414", NULL, "GLN EXTENSION COMPONENT"},
	{255, 255, false, {N(13, GS1_CHECK_DIGIT), OPTIONAL_N_UP_TO(12, GS1_ANY)}, NULL, "01,02,415,8006,8020,8026", "GCN"},
	{400, 400, false, {X_UP_TO(30, GS1_ANY)}, NULL, NULL, "ORDER NUMBER"},
	{401, 401, false, {X_UP_TO(30, GS1_PREFIX)}, NULL, NULL, "GINC"},
	{402, 402, false, {N(17, GS1_CHECK_DIGIT)}, NULL, NULL, "GSIN"},
	{403, 403, false, {X_UP_TO(30, GS1_ANY)}, "00", NULL, "ROUTE"},
	{410, 410, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "SHIP TO LOC"},
	{411, 411, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "BILL TO"},
	{412, 412, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "PURCHASE FROM"},
	{413, 413, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "SHIP FOR LOC"},
	{414, 414, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "LOC No."},
	{415, 415, true, {N(13, GS1_CHECK_DIGIT)}, "8020", NULL, "PAY TO"},
	{416, 416, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "PROD/SERV LOC"},
	{417, 417, true, {N(13, GS1_CHECK_DIGIT)}, NULL, NULL, "PARTY"},
	{420, 420, false, {X_UP_TO(20, GS1_ANY)}, NULL, "421", "SHIP TO POST"},
	{421, 421, false, {N(3, GS1_ANY), X_UP_TO(9, GS1_ANY)}, NULL, "4307", "SHIP TO POST"},
	{422, 422, false, {N(3, GS1_ANY)}, "01,02,03,8006,8026", "426", "ORIGIN"},
	{423, 423, false, {N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY)}, "01,02,03", "426", "COUNTRY - INITIAL PROCESS"},
	{424, 424, false, {N(3, GS1_ANY)}, "01,02,03", "426", "COUNTRY - PROCESS"},
	{425, 425, false, {N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY), OPTIONAL_N(3, GS1_ANY)}, "01,02,03", "426", "COUNTRY - DISASSEMBLY"},
	{426, 426, false, {N(3, GS1_ANY)}, "01,02,03", NULL, "COUNTRY - FULL PROCESS"},
	{427, 427, false, {X_UP_TO(3, GS1_ANY)}, "01+422,02+422,03+422", NULL, "ORIGIN SUBDIVISION"},
	{710, 710, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN PZN"},
	{711, 711, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN CIP"},
	{712, 712, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN CN"},
	{713, 713, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN DRN"},
	{714, 714, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN AIM"},
	{715, 715, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN NDC"},
	{716, 716, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN AIC"},
	{717, 717, false, {X_UP_TO(20, GS1_ANY)}, "01", NULL, "NHRN SRN"},
	{3100, 3105, true, {N(6, GS1_ANY)}, "01,02", "310n", "NET WEIGHT (kg)"},
	{3110, 3115, true, {N(6, GS1_ANY)}, "01,02", "311n", "LENGTH (m)"},
	{3120, 3125, true, {N(6, GS1_ANY)}, "01,02", "312n", "WIDTH (m)"},
	{3130, 3135, true, {N(6, GS1_ANY)}, "01,02", "313n", "HEIGHT (m)"},
	{3140, 3145, true, {N(6, GS1_ANY)}, "01,02", "314n", "AREA (m²)"},
	{3150, 3155, true, {N(6, GS1_ANY)}, "01,02", "315n", "NET VOLUME (l)"},
	{3160, 3165, true, {N(6, GS1_ANY)}, "01,02", "316n", "NET VOLUME (m³)"},
	{3200, 3205, true, {N(6, GS1_ANY)}, "01,02", "320n", "NET WEIGHT (lb)"},
	{3210, 3215, true, {N(6, GS1_ANY)}, "01,02", "321n", "LENGTH (in)"},
	{3220, 3225, true, {N(6, GS1_ANY)}, "01,02", "322n", "LENGTH (ft)"},
	{3230, 3235, true, {N(6, GS1_ANY)}, "01,02", "323n", "LENGTH (yd)"},
	{3240, 3245, true, {N(6, GS1_ANY)}, "01,02", "324n", "WIDTH (in)"},
	{3250, 3255, true, {N(6, GS1_ANY)}, "01,02", "325n", "WIDTH (ft)"},
	{3260, 3265, true, {N(6, GS1_ANY)}, "01,02", "326n", "WIDTH (yd)"},
	{3270, 3275, true, {N(6, GS1_ANY)}, "01,02", "327n", "HEIGHT (in)"},
	{3280, 3285, true, {N(6, GS1_ANY)}, "01,02", "328n", "HEIGHT (ft)"},
	{3290, 3295, true, {N(6, GS1_ANY)}, "01,02", "329n", "HEIGHT (yd)"},
	{3300, 3305, true, {N(6, GS1_ANY)}, "00,01", "330n", "GROSS WEIGHT (kg)"},
	{3310, 3315, true, {N(6, GS1_ANY)}, "00,01", "331n", "LENGTH (m), log"},
	{3320, 3325, true, {N(6, GS1_ANY)}, "00,01", "332n", "WIDTH (m), log"},
	{3330, 3335, true, {N(6, GS1_ANY)}, "00,01", "333n", "HEIGHT (m), log"},
	{3340, 3345, true, {N(6, GS1_ANY)}, "00,01", "334n", "AREA (m²), log"},
	{3350, 3355, true, {N(6, GS1_ANY)}, "00,01", "335n", "VOLUME (l), log"},
	{3360, 3365, true, {N(6, GS1_ANY)}, "00,01", "336n", "VOLUME (m³), log"},
	{3370, 3375, true, {N(6, GS1_ANY)}, "01", "337n", "KG PER m²"},
	{3400, 3405, true, {N(6, GS1_ANY)}, "00,01", "340n", "GROSS WEIGHT (lb)"},
	{3410, 3415, true, {N(6, GS1_ANY)}, "00,01", "341n", "LENGTH (in), log"},
	{3420, 3425, true, {N(6, GS1_ANY)}, "00,01", "342n", "LENGTH (ft), log"},
	{3430, 3435, true, {N(6, GS1_ANY)}, "00,01", "343n", "LENGTH (yd), log"},
	{3440, 3445, true, {N(6, GS1_ANY)}, "00,01", "344n", "WIDTH (in), log"},
	{3450, 3455, true, {N(6, GS1_ANY)}, "00,01", "345n", "WIDTH (ft), log"},
	{3460, 3465, true, {N(6, GS1_ANY)}, "00,01", "346n", "WIDTH (yd), log"},
	{3470, 3475, true, {N(6, GS1_ANY)}, "00,01", "347n", "HEIGHT (in), log"},
	{3480, 3485, true, {N(6, GS1_ANY)}, "00,01", "348n", "HEIGHT (ft), log"},
	{3490, 3495, true, {N(6, GS1_ANY)}, "00,01", "349n", "HEIGHT (yd), log"},
	{3500, 3505, true, {N(6, GS1_ANY)}, "01,02", "350n", "AREA (in²)"},
	{3510, 3515, true, {N(6, GS1_ANY)}, "01,02", "351n", "AREA (ft²)"},
	{3520, 3525, true, {N(6, GS1_ANY)}, "01,02", "352n", "AREA (yd²)"},
	{3530, 3535, true, {N(6, GS1_ANY)}, "00,01", "353n", "AREA (in²), log"},
	{3540, 3545, true, {N(6, GS1_ANY)}, "00,01", "354n", "AREA (ft²), log"},
	{3550, 3555, true, {N(6, GS1_ANY)}, "00,01", "355n", "AREA (yd²), log"},
	{3560, 3565, true, {N(6, GS1_ANY)}, "01,02", "356n", "NET WEIGHT (tr oz)"},
	{3570, 3575, true, {N(6, GS1_ANY)}, "01,02", "357n", "NET VOLUME (oz)"},
	{3600, 3605, true, {N(6, GS1_ANY)}, "01,02", "360n", "NET VOLUME (qt (US))"},
	{3610, 3615, true, {N(6, GS1_ANY)}, "01,02", "361n", "NET VOLUME (gal.)"},
	{3620, 3625, true, {N(6, GS1_ANY)}, "00,01", "362n", "VOLUME (qt (US)), log"},
	{3630, 3635, true, {N(6, GS1_ANY)}, "00,01", "363n", "VOLUME (gal (US)), log"},
	{3640, 3645, true, {N(6, GS1_ANY)}, "01,02", "364n", "NET VOLUME (in³)"},
	{3650, 3655, true, {N(6, GS1_ANY)}, "01,02", "365n", "NET VOLUME (ft³)"},
	{3660, 3665, true, {N(6, GS1_ANY)}, "01,02", "366n", "NET VOLUME (yd³)"},
	{3670, 3675, true, {N(6, GS1_ANY)}, "00,01", "367n", "VOLUME (in³), log"},
	{3680, 3685, true, {N(6, GS1_ANY)}, "00,01", "368n", "VOLUME (ft³), log"},
	{3690, 3695, true, {N(6, GS1_ANY)}, "00,01", "369n", "VOLUME (yd³), log"},
	{3900, 3909, false, {N_UP_TO(15, GS1_ANY)}, "255,8020", "390n,391n,394n,8111", "AMOUNT"},
	{3910, 3919, false, {N(3, GS1_ANY), N_UP_TO(15, GS1_ANY)}, "8020", "391n", "AMOUNT"},
	{3920, 3929, false, {N_UP_TO(15, GS1_ANY)}, "01+30,01+31nn,01+32nn,01+35nn,01+36nn", "392n,393n", "PRICE"},
	{3930, 3939, false, {N(3, GS1_ANY), N_UP_TO(15, GS1_ANY)}, "30,31nn,32nn,35nn,36nn", "393n", "PRICE"},
	{3940, 3943, false, {N(4, GS1_ANY)}, "255", "394n,8111", "PRCNT OFF"},
	{3950, 3955, false, {N(6, GS1_ANY)}, "30,31nn,32nn,35nn,36nn", "392n,393n,395n,8005", "PRICE/UoM"},
	{4300, 4300, false, {X_UP_TO(35, GS1_PERCENT)}, "00", NULL, "SHIP TO COMP"},
	{4301, 4301, false, {X_UP_TO(35, GS1_PERCENT)}, "00", NULL, "SHIP TO NAME"},
	{4302, 4302, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "SHIP TO ADD1"},
	{4303, 4303, false, {X_UP_TO(70, GS1_PERCENT)}, "4302", NULL, "SHIP TO ADD2"},
	{4304, 4304, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "SHIP TO SUB"},
	{4305, 4305, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "SHIP TO LOC"},
	{4306, 4306, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "SHIP TO REG"},
	{4307, 4307, false, {X(2, GS1_ANY)}, "00", NULL, "SHIP TO COUNTRY"},
	{4308, 4308, false, {X_UP_TO(30, GS1_ANY)}, "00", NULL, "SHIP TO PHONE"},
	{4309, 4309, false, {N(10, GS1_LATITUDE), N(10, GS1_LONGITUDE)}, "00", NULL, "SHIP TO GEO"},
	{4310, 4310, false, {X_UP_TO(35, GS1_PERCENT)}, "00", NULL, "RTN TO COMP"},
	{4311, 4311, false, {X_UP_TO(35, GS1_PERCENT)}, "00", NULL, "RTN TO NAME"},
	{4312, 4312, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "RTN TO ADD1"},
	{4313, 4313, false, {X_UP_TO(70, GS1_PERCENT)}, "4312", NULL, "RTN TO ADD2"},
	{4314, 4314, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "RTN TO SUB"},
	{4315, 4315, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "RTN TO LOC"},
	{4316, 4316, false, {X_UP_TO(70, GS1_PERCENT)}, "00", NULL, "RTN TO REG"},
	{4317, 4317, false, {X(2, GS1_ANY)}, "00", NULL, "RTN TO COUNTRY"},
	{4318, 4318, false, {X_UP_TO(20, GS1_ANY)}, "00", NULL, "RTN TO POST"},
	{4319, 4319, false, {X_UP_TO(30, GS1_ANY)}, "00", NULL, "RTN TO PHONE"},
	{4320, 4320, false, {X_UP_TO(35, GS1_PERCENT)}, "00", NULL, "SRV DESCRIPTION"},
	{4321, 4321, false, {N(1, GS1_YES_NO)}, "00", NULL, "DANGEROUS GOODS"},
	{4322, 4322, false, {N(1, GS1_YES_NO)}, "00", NULL, "AUTH TO LEAVE"},
	{4323, 4323, false, {N(1, GS1_YES_NO)}, "00", NULL, "SIG REQUIRED"},
	{4324, 4324, false, {N(6, GS1_DATE_OR_MONTH), N(4, GS1_TIME)}, "00", NULL, "NOT BEF DEL DT"},
	{4325, 4325, false, {N(6, GS1_DATE_OR_MONTH), N(4, GS1_TIME)}, "00", NULL, "NOT AFT DEL DT"},
	{4326, 4326, false, {N(6, GS1_DATE)}, "00", NULL, "REL DATE"},
	{4330, 4330, false, {N(6, GS1_ANY), OPTIONAL_X(1, GS1_HYPHEN)}, "00", "4331", "MAX TEMP F."},
	{4331, 4331, false, {N(6, GS1_ANY), OPTIONAL_X(1, GS1_HYPHEN)}, "00", "4330", "MAX TEMP C."},
	{4332, 4332, false, {N(6, GS1_ANY), OPTIONAL_X(1, GS1_HYPHEN)}, "00", "4333", "MIN TEMP F."},
	{4333, 4333, false, {N(6, GS1_ANY), OPTIONAL_X(1, GS1_HYPHEN)}, "00", "4332", "MIN TEMP C."},
	{7001, 7001, false, {N(13, GS1_ANY)}, "01,02,8006,8026", NULL, "NSN"},
	{7002, 7002, false, {X_UP_TO(30, GS1_ANY)}, "01,02", NULL, "MEAT CUT"},
	{7003, 7003, false, {N(6, GS1_DATE), N(4, GS1_TIME)}, "01,02,03", NULL, "EXPIRY TIME"},
	{7004, 7004, false, {N_UP_TO(4, GS1_ANY)}, "01+10,03+10", NULL, "ACTIVE POTENCY"},
	{7005, 7005, false, {X_UP_TO(12, GS1_ANY)}, "01,02", NULL, "CATCH AREA"},
	{7006, 7006, false, {N(6, GS1_DATE)}, "01,02", NULL, "FIRST FREEZE DATE"},
	{7007, 7007, false, {N(6, GS1_DATE), OPTIONAL_N(6, GS1_DATE)}, "01,02", NULL, "HARVEST DATE"},
	{7008, 7008, false, {X_UP_TO(3, GS1_ANY)}, "01,02", NULL, "AQUATIC SPECIES"},
	{7009, 7009, false, {X_UP_TO(10, GS1_ANY)}, "01,02", NULL, "FISHING GEAR TYPE"},
	{7010, 7010, false, {X_UP_TO(2, GS1_ANY)}, "01,02,03", NULL, "PROD METHOD"},
	{7011, 7011, false, {N(6, GS1_DATE), OPTIONAL_N(4, GS1_TIME)}, "01,02,03", NULL, "TEST BY DATE"},
	{7020, 7020, false, {X_UP_TO(20, GS1_ANY)}, "01+416,03+416,8006+416", NULL, "REFURB LOT"},
	{7021, 7021, false, {X_UP_TO(20, GS1_ANY)}, "01,03,8006", NULL, "FUNC STAT"},
	{7022, 7022, false, {X_UP_TO(20, GS1_ANY)}, "01+7021,03+7021,8006+7021", NULL, "REV STAT"},
	{7023, 7023, false, {X_UP_TO(30, GS1_PREFIX)}, NULL, NULL, "GIAI - ASSEMBLY"},
	{7030, 7030, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 0"},
	{7031, 7031, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 1"},
	{7032, 7032, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 2"},
	{7033, 7033, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 3"},
	{7034, 7034, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 4"},
	{7035, 7035, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 5"},
	{7036, 7036, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 6"},
	{7037, 7037, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 7"},
	{7038, 7038, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 8"},
	{7039, 7039, false, {N(3, GS1_ANY), X_UP_TO(27, GS1_ANY)}, "01,02", NULL, "PROCESSOR # 9"},
	{7040, 7040, false, {N(1, GS1_ANY), X(1, GS1_ANY), X(1, GS1_ANY), X(1, GS1_IMPORTER)}, NULL, NULL, "UIC+EXT"},
	{7041, 7041, false, {X_UP_TO(4, GS1_ANY)}, "00", NULL, "UFRGT UNIT TYPE"},
	{7230, 7230, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 1"},
	{7231, 7231, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 2"},
	{7232, 7232, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 3"},
	{7233, 7233, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 4"},
	{7234, 7234, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 5"},
	{7235, 7235, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 6"},
	{7236, 7236, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 7"},
	{7237, 7237, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 8"},
	{7238, 7238, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 9"},
	{7239, 7239, false, {X(2, GS1_ANY), X_UP_TO(28, GS1_ANY)}, "01,8004", NULL, "CERT # 10"},
	{7240, 7240, false, {X_UP_TO(20, GS1_ANY)}, "01,8006", "03", "PROTOCOL"},
	{7241, 7241, false, {N(2, GS1_MEDIA_TYPE)}, "8017,8018", NULL, "AIDC MEDIA TYPE"},
	{7242, 7242, false, {X_UP_TO(25, GS1_ANY)}, "8017,8018", NULL, "VCN"},
	{7250, 7250, false, {N(8, GS1_LONG_DATE)}, "8018", "7251", "DOB"},
	{7251, 7251, false, {N(8, GS1_LONG_DATE), N(4, GS1_TIME)}, "8018", "7250", "DOB TIME"},
	{7252, 7252, false, {N(1, GS1_SEX)}, "8018", NULL, "BIO SEX"},
	{7253, 7253, false, {X_UP_TO(40, GS1_PERCENT)}, "8017,8018", "7256,7259", "FAMILY NAME"},
	{7254, 7254, false, {X_UP_TO(40, GS1_PERCENT)}, "8017,8018", "7256,7259", "GIVEN NAME"},
	{7255, 7255, false, {X_UP_TO(10, GS1_ANY)}, "8017,8018", "7256,7259", "SUFFIX"},
	{7256, 7256, false, {X_UP_TO(90, GS1_PERCENT)}, "8017,8018", NULL, "FULL NAME"},
	{7257, 7257, false, {X_UP_TO(70, GS1_PERCENT)}, "8018", NULL, "PERSON ADDR"},
	{7258, 7258, false, {X(3, GS1_POSITION_OF_TOTAL)}, "8018+7259", NULL, "BIRTH SEQUENCE"},
	{7259, 7259, false, {X_UP_TO(40, GS1_PERCENT)}, "8018", "7256", "BABY"},
	{8001, 8001, false, {N(4, GS1_NOT_ZERO), N(5, GS1_NOT_ZERO), N(3, GS1_NOT_ZERO), N(1, GS1_WINDING), N(1, GS1_ANY)}, "01", NULL, "DIMENSIONS"},
	{8002, 8002, false, {X_UP_TO(20, GS1_ANY)}, NULL, NULL, "CMT No."},
	{8003, 8003, false, {N(1, GS1_ZERO), N(13, GS1_CHECK_DIGIT), OPTIONAL_X_UP_TO(16, GS1_ANY)}, NULL, NULL, "GRAI"},
	{8004, 8004, false, {X_UP_TO(30, GS1_PREFIX)}, NULL, NULL, "GIAI"},
	{8005, 8005, false, {N(6, GS1_ANY)}, "01,02", NULL, "PRICE PER UNIT"},
	{8006, 8006, false, {N(14, GS1_CHECK_DIGIT), N(4, GS1_PIECE_OF_TOTAL)}, NULL, "01,03,37", "ITIP"},
	{8007, 8007, false, {X_UP_TO(34, GS1_ANY)}, "415", NULL, "IBAN"},
	{8008, 8008, false, {N(6, GS1_DATE), N(2, GS1_HOUR), OPTIONAL_N(2, GS1_SIXTY), OPTIONAL_N(2, GS1_SIXTY)}, "01,02,03", NULL, "PROD TIME"},
	{8009, 8009, false, {X_UP_TO(50, GS1_ANY)}, "00,01,03", NULL, "OPTSEN"},
	{8010, 8010, false, {Y_UP_TO(30, GS1_PREFIX)}, NULL, NULL, "CPID"},
	{8011, 8011, false, {N_UP_TO(12, GS1_NO_LEADING_ZERO)}, "8010", NULL, "CPID SERIAL"},
	{8012, 8012, false, {X_UP_TO(20, GS1_ANY)}, "01,03,8006", NULL, "VERSION"},
	{8013, 8013, false, {X_UP_TO(25, GS1_CHECK_PAIR)}, NULL, NULL, "GMN"},
	{8014, 8014, false, {X_UP_TO(25, GS1_CHECK_PAIR)}, "01", NULL, "MUDI"},
	{8017, 8017, false, {N(18, GS1_CHECK_DIGIT)}, NULL, "8018", "GSRN - PROVIDER"},
	{8018, 8018, false, {N(18, GS1_CHECK_DIGIT)}, NULL, "8017", "GSRN - RECIPIENT"},
	{8019, 8019, false, {N_UP_TO(10, GS1_ANY)}, "8017,8018", NULL, "SRIN"},
	{8020, 8020, false, {X_UP_TO(25, GS1_ANY)}, "415", NULL, "REF No."},
	{8026, 8026, false, {N(14, GS1_CHECK_DIGIT), N(4, GS1_PIECE_OF_TOTAL)}, "37", "02,03,8006", "ITIP CONTENT"},
	{8030, 8030, false, {Z_UP_TO(90, GS1_BASE64)}, "00,01+21,03+21,253,255,8003,8004,8006+21,8010+8011,8017,8018", NULL, "DIGSIG"},
	{8040, 8040, false, {N(15, GS1_ANY)}, "01+21", NULL, "IMEI"},
	{8041, 8041, false, {N(15, GS1_ANY)}, "01+21+8040", NULL, "IMEI2"},
	{8042, 8042, false, {N(32, GS1_ANY)}, "01+21+8040", NULL, "ESIM"},
	{8043, 8043, false, {N(18, GS1_ANY), OPTIONAL_N_UP_TO(2, GS1_ANY)}, "01+21+8040", NULL, "PSIM"},
	{8110, 8110, false, {X_UP_TO(70, GS1_ANY)}, NULL, NULL, "COUPON CODE NA"},
	{8111, 8111, false, {N(4, GS1_ANY)}, "255", NULL, "POINTS"},
	{8112, 8112, false, {X_UP_TO(70, GS1_ANY)}, NULL, NULL, "COUPON POS OFFER NA"},
	{8200, 8200, false, {X_UP_TO(70, GS1_ANY)}, "01", NULL, "PRODUCT URL"},
};

/* The rows of the AIs of two digits, counted from 1: most of what is ever read. */
static const uint8_t two_digits[100] = {
	[0] = 1,[1] = 2,[2] = 3,[3] = 4,[10] = 5,[11] = 6,[12] = 7,[13] = 8,[15] = 9,[16] = 10,[17] = 11,
	[20] = 12,[21] = 13,[22] = 14,[30] = 15,[37] = 16,[90] = 17,[91 ... 99] = 18
};

#define TABLE_ROWS	((int) (sizeof(table) / sizeof(table[0])))

int
ob_registry_gs1_ai_length(int prefix)
{
	switch (prefix)
	{
		case 0: case 1: case 2: case 3:
		case 10: case 11: case 12: case 13: case 15: case 16: case 17:
		case 20: case 21: case 22:
		case 30: case 37:
			return 2;
		case 23: case 24: case 25:
		case 40: case 41: case 42:
		case 71:
			return 3;
		case 31: case 32: case 33: case 34: case 35: case 36: case 39:
		case 43:
		case 70: case 72:
		case 80: case 81: case 82:
			return 4;
		default:
			return prefix >= 90 ? 2 : 0;
	}
}

const Gs1Ai *
ob_registry_gs1_ai(int number)
{
	int			low = 0;
	int			high = TABLE_ROWS - 1;

	if (number >= 0 && number < 100)
		return two_digits[number] > 0 ? &table[two_digits[number] - 1] : NULL;
	while (low <= high)
	{
		int			middle = (low + high) / 2;

		if (number < table[middle].first)
			high = middle - 1;
		else if (number > table[middle].last)
			low = middle + 1;
		else
			return &table[middle];
	}
	return NULL;
}

const Gs1Ai *
ob_registry_gs1_table(int *count)
{
	*count = TABLE_ROWS;
	return table;
}
