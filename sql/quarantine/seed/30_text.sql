-- ---- the eleven languages of the ministry's page, and easy Japanese
INSERT INTO quarantine.language (language, name, name_ja, position, fallback, complete, official)
VALUES
	('ja', '日本語', '日本語', 1, '{}', true, true),
	('ja-x-easy', 'やさしい にほんご', 'やさしい日本語', 2, '{ja}', true, false),
	('en', 'English', '英語', 3, '{ja}', true, true),
	('zh-Hans', '简体中文', '中国語(簡体字)', 4, '{zh-Hant,en}', true, true),
	('zh-Hant', '繁體中文', '中国語(繁体字)', 5, '{zh-Hans,en}', true, true),
	('ko', '한국어', '韓国語', 6, '{en}', true, true),
	('vi', 'Tiếng Việt', 'ベトナム語', 7, '{en}', false, true),
	('tl', 'Filipino', 'タガログ語', 8, '{en}', false, true),
	('id', 'Bahasa Indonesia', 'インドネシア語', 9, '{en}', false, true),
	('th', 'ภาษาไทย', 'タイ語', 10, '{en}', false, true),
	('pt', 'Português', 'ポルトガル語', 11, '{es,en}', false, true),
	('es', 'Español', 'スペイン語', 12, '{pt,en}', false, true);

-- ---- the questions, by the articles that allow them
INSERT INTO quarantine.item (item, part, position, type, required, per_person, choices, valid, basis)
SELECT i.item, i.part, row_number() OVER (PARTITION BY i.part ORDER BY i.place), i.type, i.required, i.per_person, i.choices::text[], i.valid::daterange, i.basis
FROM (VALUES
	(1, 'port', 'entry', 'choice', true, false, '{}', '(,)', '検疫法12条'),
	(2, 'kind', 'entry', 'choice', true, false, '{flight,ship,other}', '(,)', '検疫法12条'),
	(3, 'conveyance', 'entry', 'text', true, false, '{}', '(,)', '検疫法12条'),
	(4, 'arrives_at', 'entry', 'time', true, false, '{}', '(,)', '検疫法12条'),
	(5, 'name', 'identity', 'text', true, true, '{}', '(,)', '検疫法18条2項'),
	(6, 'kana', 'identity', 'text', false, true, '{}', '(,)', '検疫法18条2項'),
	(7, 'birth_on', 'identity', 'date', true, true, '{}', '(,)', '施行規則6条の2 年齢'),
	(8, 'sex', 'identity', 'choice', true, true, '{male,female,other}', '(,)', '施行規則6条の2 性別'),
	(9, 'nationality', 'identity', 'country', true, true, '{}', '(,)', '施行規則6条の2 国籍'),
	(10, 'occupation', 'identity', 'text', false, true, '{}', '(,)', '施行規則6条の2 職業'),
	(11, 'passport', 'identity', 'text', true, true, '{}', '(,)', '検疫法18条2項 旅券'),
	(12, 'phone', 'identity', 'phone', false, true, '{}', '(,)', '検疫法18条2項 連絡先'),
	(13, 'mail', 'identity', 'mail', false, true, '{}', '(,)', '検疫法18条2項 連絡先'),
	(14, 'stay_kind', 'stay', 'choice', true, true, '{home,family,hotel,work,other,transit}', '(,)', '施行規則6条の2 滞在先'),
	(15, 'prefecture', 'stay', 'choice', true, true, '{}', '(,)', '施行規則6条の2 滞在先'),
	(16, 'municipality', 'stay', 'choice', false, true, '{}', '(,)', '施行規則6条の2 滞在先'),
	(17, 'address', 'stay', 'text', true, true, '{}', '(,)', '検疫法18条2項 居所'),
	(18, 'stay_until', 'stay', 'date', false, true, '{}', '(,)', '施行規則6条の2 旅程'),
	(19, 'seat', 'travel', 'text', true, true, '{}', '(,)', '検疫法12条'),
	(20, 'departed_at', 'travel', 'time', false, true, '{}', '(,)', '施行規則6条の2 旅程'),
	(21, 'countries', 'travel', 'countries', true, true, '{}', '(,)', '施行規則6条の2 旅程'),
	(22, 'country_days', 'travel', 'number', true, true, '{}', '(,)', '施行規則6条の2 旅程'),
	(23, 'infection_place', 'travel', 'text', false, true, '{}', '(,)', '施行規則6条の2 感染が疑われる場所'),
	(24, 'met_patient', 'travel', 'boolean', true, true, '{}', '(,)', '検疫法12条'),
	(25, 'temperature_c', 'health', 'number', false, true, '{}', '(,)', '検疫法18条2項 体温'),
	(26, 'fever_reducer', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(27, 'fever', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(28, 'cough', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(29, 'sore_throat', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(30, 'runny_nose', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(31, 'fatigue', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(32, 'breathlessness', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(33, 'taste_smell_loss', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(34, 'other_symptom', 'health', 'boolean', true, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(35, 'onset_on', 'health', 'date', false, true, '{}', '(,)', '検疫法18条2項 健康状態'),
	(36, 'test_at', 'document', 'time', false, true, '{}', '(,)', '検疫法12条'),
	(37, 'test_method', 'document', 'choice', false, true, '{naat,antigen_quantitative,antigen_kit}', '(,)', '検疫法12条'),
	(38, 'test_negative', 'document', 'boolean', false, true, '{}', '(,)', '検疫法12条'),
	(39, 'vaccine_doses', 'document', 'number', false, true, '{}', '(,)', '検疫法12条'),
	(40, 'last_dose_on', 'document', 'date', false, true, '{}', '(,)', '検疫法12条'),
	(41, 'pledged', 'pledge', 'boolean', true, true, '{}', '[2022-04-01,2022-11-01)', '検疫法16条の2'),
	(42, 'declared_true', 'pledge', 'boolean', true, true, '{}', '(,)', '検疫法36条'),
	(43, 'page_title', 'page', 'note', false, false, '{}', '(,)', NULL),
	(44, 'page_red', 'page', 'note', false, false, '{}', '(,)', NULL),
	(45, 'page_yellow', 'page', 'note', false, false, '{}', '(,)', NULL),
	(46, 'page_blue', 'page', 'note', false, false, '{}', '(,)', NULL),
	(47, 'page_persons', 'page', 'note', false, false, '{}', '(,)', NULL),
	(48, 'page_show', 'page', 'note', false, false, '{}', '(,)', NULL)
) AS i (place, item, part, type, required, per_person, choices, valid, basis);

-- ---- texts: a row for each question, a column for each language
INSERT INTO quarantine.text (item, language, label)
SELECT w.item, l.language, l.label
FROM (VALUES
	('port', '到着する空港・海港', 'つく 空港・港', 'Airport or seaport of arrival', '抵达的机场或港口', '抵達的機場或港口', '도착 공항·항구', 'Sân bay hoặc cảng đến', 'Paliparan o daungang darating', 'Bandara atau pelabuhan kedatangan', 'สนามบินหรือท่าเรือที่เดินทางถึง', 'Aeroporto ou porto de chegada', 'Aeropuerto o puerto de llegada'),
	('kind', '交通手段', 'のりもの', 'How you travel', '交通工具', '交通工具', '교통수단', 'Phương tiện', 'Uri ng sasakyan', 'Jenis angkutan', 'ประเภทการเดินทาง', 'Meio de transporte', 'Medio de transporte'),
	('conveyance', '便名・船名', 'ひこうきの 番号・船の なまえ', 'Flight number or name of the vessel', '航班号或船名', '航班號或船名', '항공편명 또는 선박명', 'Số hiệu chuyến bay hoặc tên tàu', 'Numero ng flight o pangalan ng barko', 'Nomor penerbangan atau nama kapal', 'หมายเลขเที่ยวบินหรือชื่อเรือ', 'Número do voo ou nome do navio', 'Número de vuelo o nombre del barco'),
	('arrives_at', '到着予定日時(日本時間)', 'つく 日と 時間(日本の 時間)', 'Date and time of arrival (Japan time)', '预计抵达日期和时间（日本时间）', '預計抵達日期和時間（日本時間）', '도착 예정 일시(일본 시간)', 'Ngày giờ đến (giờ Nhật Bản)', 'Petsa at oras ng pagdating (oras sa Japan)', 'Tanggal dan waktu kedatangan (waktu Jepang)', 'วันและเวลาที่เดินทางถึง (เวลาญี่ปุ่น)', 'Data e hora de chegada (hora do Japão)', 'Fecha y hora de llegada (hora de Japón)'),
	('name', '氏名(旅券の表記)', 'なまえ(パスポートの とおり)', 'Name (as in the passport)', '姓名（与护照一致）', '姓名（與護照一致）', '성명(여권 표기)', 'Họ và tên (như trong hộ chiếu)', 'Pangalan (gaya ng nasa pasaporte)', 'Nama (sesuai paspor)', 'ชื่อ-นามสกุล (ตามหนังสือเดินทาง)', 'Nome (como no passaporte)', 'Nombre (como en el pasaporte)'),
	('kana', 'フリガナ', 'なまえの よみかた(カタカナ)', 'Reading in katakana', '片假名读音', '片假名讀音', '가타카나 표기', 'Cách đọc bằng katakana', 'Pagbasa sa katakana', 'Cara baca dalam katakana', 'คำอ่านคาตากานะ', 'Leitura em katakana', 'Lectura en katakana'),
	('birth_on', '生年月日', 'うまれた 日', 'Date of birth', '出生日期', '出生日期', '생년월일', 'Ngày sinh', 'Petsa ng kapanganakan', 'Tanggal lahir', 'วันเดือนปีเกิด', 'Data de nascimento', 'Fecha de nacimiento'),
	('sex', '性別', 'おとこ・おんな', 'Sex', '性别', '性別', '성별', 'Giới tính', 'Kasarian', 'Jenis kelamin', 'เพศ', 'Sexo', 'Sexo'),
	('nationality', '国籍', 'どこの 国の 人ですか', 'Nationality', '国籍', '國籍', '국적', 'Quốc tịch', 'Nasyonalidad', 'Kewarganegaraan', 'สัญชาติ', 'Nacionalidade', 'Nacionalidad'),
	('occupation', '職業', 'しごと', 'Occupation', '职业', '職業', '직업', 'Nghề nghiệp', 'Trabaho', 'Pekerjaan', 'อาชีพ', 'Profissão', 'Profesión'),
	('passport', '旅券番号', 'パスポートの 番号', 'Passport number', '护照号码', '護照號碼', '여권 번호', 'Số hộ chiếu', 'Numero ng pasaporte', 'Nomor paspor', 'หมายเลขหนังสือเดินทาง', 'Número do passaporte', 'Número de pasaporte'),
	('phone', '電話番号', '電話番号', 'Telephone number', '电话号码', '電話號碼', '전화번호', 'Số điện thoại', 'Numero ng telepono', 'Nomor telepon', 'หมายเลขโทรศัพท์', 'Número de telefone', 'Número de teléfono'),
	('mail', 'メールアドレス', 'メールアドレス', 'E-mail address', '电子邮箱', '電子郵件', '이메일 주소', 'Địa chỉ email', 'E-mail address', 'Alamat email', 'อีเมล', 'Endereço de e-mail', 'Correo electrónico'),
	('stay_kind', '滞在先の種別', 'どんな ところに とまりますか', 'Kind of place of stay', '住宿类型', '住宿類型', '체류지 종류', 'Loại nơi lưu trú', 'Uri ng tutuluyan', 'Jenis tempat tinggal', 'ประเภทที่พัก', 'Tipo de alojamento', 'Tipo de alojamiento'),
	('prefecture', '滞在先の都道府県', 'とまる 都道府県', 'Prefecture of the place of stay', '住宿地所在都道府县', '住宿地所在都道府縣', '체류지의 도도부현', 'Tỉnh thành nơi lưu trú', 'Prepektura ng tutuluyan', 'Prefektur tempat tinggal', 'จังหวัดที่พัก', 'Província do alojamento', 'Prefectura del alojamiento'),
	('municipality', '滞在先の市区町村', 'とまる 市・区・町・村', 'Municipality of the place of stay', '住宿地所在市区町村', '住宿地所在市區町村', '체류지의 시구정촌', 'Thành phố, quận nơi lưu trú', 'Lungsod o bayan ng tutuluyan', 'Kota atau desa tempat tinggal', 'เมืองหรือเขตที่พัก', 'Município do alojamento', 'Municipio del alojamiento'),
	('address', '滞在先の住所', 'とまる ところの 住所', 'Address of the place of stay', '住宿地址', '住宿地址', '체류지 주소', 'Địa chỉ nơi lưu trú', 'Address ng tutuluyan', 'Alamat tempat tinggal', 'ที่อยู่ของที่พัก', 'Endereço do alojamento', 'Dirección del alojamiento'),
	('stay_until', '出国予定日', '日本から 出る 日', 'Day of leaving Japan', '预计离境日期', '預計離境日期', '출국 예정일', 'Ngày dự kiến rời Nhật Bản', 'Petsa ng pag-alis sa Japan', 'Tanggal meninggalkan Jepang', 'วันที่จะออกจากญี่ปุ่น', 'Data de saída do Japão', 'Fecha de salida de Japón'),
	('seat', '座席番号', 'すわった 席の 番号', 'Seat number', '座位号', '座位號', '좌석 번호', 'Số ghế', 'Numero ng upuan', 'Nomor kursi', 'หมายเลขที่นั่ง', 'Número do assento', 'Número de asiento'),
	('departed_at', '日本行きの便の出発日時', '日本に くる ひこうきが 出た 日と 時間', 'Departure of the flight to Japan', '赴日航班的出发时间', '赴日航班的出發時間', '일본행 항공편 출발 일시', 'Thời gian khởi hành chuyến đi đến Nhật Bản', 'Alis ng biyahe papuntang Japan', 'Keberangkatan ke Jepang', 'เวลาออกเดินทางมาญี่ปุ่น', 'Partida do voo para o Japão', 'Salida del vuelo a Japón'),
	('countries', '過去14日間に滞在した国・地域', '14日の あいだに いた 国', 'Countries and regions of stay in the last 14 days', '过去14天内停留的国家和地区', '過去14天內停留的國家和地區', '지난 14일간 체류한 국가·지역', 'Các nước đã lưu trú trong 14 ngày qua', 'Mga bansang tinuluyan sa nakaraang 14 na araw', 'Negara yang disinggahi dalam 14 hari terakhir', 'ประเทศที่พำนักในช่วง 14 วันที่ผ่านมา', 'Países de estada nos últimos 14 dias', 'Países de estancia en los últimos 14 días'),
	('country_days', '滞在日数', '何日 いましたか', 'Days of stay', '停留天数', '停留天數', '체류 일수', 'Số ngày lưu trú', 'Bilang ng araw', 'Jumlah hari', 'จำนวนวัน', 'Dias de estada', 'Días de estancia'),
	('infection_place', '感染が疑われる場所', '病気が うつったかもしれない ところ', 'Place of a suspected infection', '疑似感染地点', '疑似感染地點', '감염이 의심되는 장소', 'Nơi nghi bị lây nhiễm', 'Lugar na maaaring pinagmulan ng impeksiyon', 'Tempat yang diduga terinfeksi', 'สถานที่ที่สงสัยว่าติดเชื้อ', 'Local de possível infeção', 'Lugar de posible infección'),
	('met_patient', '過去14日間に、患者、または発熱や咳のある人と接触しましたか', '14日の あいだに、病気の 人、ねつや せきの ある 人の 近くに いましたか', 'Contact in the last 14 days with a patient, or with somebody who had fever or a cough', '过去14天内是否接触过患者或有发热、咳嗽的人', '過去14天內是否接觸過患者或有發燒、咳嗽的人', '지난 14일간 환자 또는 발열·기침이 있는 사람과 접촉했습니까', 'Trong 14 ngày qua có tiếp xúc với bệnh nhân hoặc người bị sốt, ho không', 'Nakasalamuha ba ang may sakit o may lagnat o ubo sa nakaraang 14 na araw', 'Kontak dengan pasien atau orang yang demam atau batuk dalam 14 hari terakhir', 'ใน 14 วันที่ผ่านมา ได้สัมผัสผู้ป่วยหรือผู้ที่มีไข้ ไอ หรือไม่', 'Contato nos últimos 14 dias com um doente ou alguém com febre ou tosse', 'Contacto en los últimos 14 días con un enfermo o alguien con fiebre o tos'),
	('temperature_c', '体温(℃)', '体温(℃)', 'Body temperature (°C)', '体温（℃）', '體溫（℃）', '체온(℃)', 'Nhiệt độ cơ thể (°C)', 'Temperatura ng katawan (°C)', 'Suhu tubuh (°C)', 'อุณหภูมิร่างกาย (°C)', 'Temperatura corporal (°C)', 'Temperatura corporal (°C)'),
	('fever_reducer', '解熱剤を服用しましたか', 'ねつを 下げる 薬を のみましたか', 'Did you take a fever reducer', '是否服用退烧药', '是否服用退燒藥', '해열제를 복용했습니까', 'Có uống thuốc hạ sốt không', 'Uminom ba ng gamot sa lagnat', 'Minum obat penurun demam', 'ได้รับประทานยาลดไข้หรือไม่', 'Tomou antipirético', 'Ha tomado un antipirético'),
	('fever', '発熱(過去14日間)', 'ねつ(14日の あいだ)', 'Fever (last 14 days)', '发热（过去14天）', '發燒（過去14天）', '발열(지난 14일)', 'Sốt (14 ngày qua)', 'Lagnat (nakaraang 14 na araw)', 'Demam (14 hari terakhir)', 'มีไข้ (14 วันที่ผ่านมา)', 'Febre (últimos 14 dias)', 'Fiebre (últimos 14 días)'),
	('cough', '咳', 'せき', 'Cough', '咳嗽', '咳嗽', '기침', 'Ho', 'Ubo', 'Batuk', 'ไอ', 'Tosse', 'Tos'),
	('sore_throat', 'のどの痛み', 'のどが いたい', 'Sore throat', '咽喉痛', '喉嚨痛', '인후통', 'Đau họng', 'Masakit na lalamunan', 'Sakit tenggorokan', 'เจ็บคอ', 'Dor de garganta', 'Dolor de garganta'),
	('runny_nose', '鼻水・鼻づまり', 'はなみず・はなづまり', 'Runny or blocked nose', '流鼻涕、鼻塞', '流鼻水、鼻塞', '콧물·코막힘', 'Chảy nước mũi, nghẹt mũi', 'Sipon o baradong ilong', 'Pilek atau hidung tersumbat', 'น้ำมูกไหลหรือคัดจมูก', 'Coriza ou nariz entupido', 'Secreción o congestión nasal'),
	('fatigue', '強いだるさ', 'とても つかれている', 'Severe fatigue', '严重乏力', '嚴重倦怠', '심한 피로감', 'Mệt mỏi nhiều', 'Matinding pagkapagod', 'Lelah sekali', 'อ่อนเพลียมาก', 'Cansaço intenso', 'Cansancio intenso'),
	('breathlessness', '息苦しさ', '息が くるしい', 'Breathlessness', '呼吸困难', '呼吸困難', '호흡 곤란', 'Khó thở', 'Hirap sa paghinga', 'Sesak napas', 'หายใจลำบาก', 'Falta de ar', 'Dificultad para respirar'),
	('taste_smell_loss', '味覚・嗅覚の異常', 'あじや においが わからない', 'Loss of taste or smell', '味觉或嗅觉异常', '味覺或嗅覺異常', '미각·후각 이상', 'Mất vị giác hoặc khứu giác', 'Pagkawala ng panlasa o pang-amoy', 'Hilang rasa atau penciuman', 'สูญเสียการรับรสหรือกลิ่น', 'Perda de paladar ou olfato', 'Pérdida del gusto o del olfato'),
	('other_symptom', 'その他の症状', 'ほかの ぐあいの 悪さ', 'Another symptom', '其他症状', '其他症狀', '기타 증상', 'Triệu chứng khác', 'Iba pang sintomas', 'Gejala lain', 'อาการอื่น', 'Outro sintoma', 'Otro síntoma'),
	('onset_on', '症状が出た日', 'ぐあいが 悪くなった 日', 'Day of the first symptom', '出现症状的日期', '出現症狀的日期', '증상이 나타난 날', 'Ngày có triệu chứng đầu tiên', 'Petsa ng unang sintomas', 'Tanggal gejala pertama', 'วันที่เริ่มมีอาการ', 'Dia do primeiro sintoma', 'Día del primer síntoma'),
	('test_at', '出国前検査の検体採取日時', '国を 出る 前の けんさの 日と 時間', 'When the specimen of the test before departure was taken', '出发前检测的采样时间', '出發前檢測的採樣時間', '출국 전 검사의 검체 채취 일시', 'Thời gian lấy mẫu xét nghiệm trước khi khởi hành', 'Kailan kinuha ang sample bago umalis', 'Waktu pengambilan sampel sebelum keberangkatan', 'เวลาเก็บตัวอย่างก่อนออกเดินทาง', 'Quando foi colhida a amostra do teste antes da partida', 'Cuándo se tomó la muestra de la prueba antes de salir'),
	('test_method', '検査方法', 'けんさの しかた', 'Method of the test', '检测方法', '檢測方法', '검사 방법', 'Phương pháp xét nghiệm', 'Paraan ng test', 'Metode tes', 'วิธีตรวจ', 'Método do teste', 'Método de la prueba'),
	('test_negative', '検査結果は陰性ですか', 'けんさの けっかは「陰性」ですか', 'Was the test negative', '检测结果是否为阴性', '檢測結果是否為陰性', '검사 결과가 음성입니까', 'Kết quả có âm tính không', 'Negatibo ba ang resulta', 'Apakah hasilnya negatif', 'ผลตรวจเป็นลบหรือไม่', 'O teste foi negativo', 'Fue negativa la prueba'),
	('vaccine_doses', 'ワクチン接種回数', 'ワクチンは 何回 うちましたか', 'Doses of vaccine', '疫苗接种剂数', '疫苗接種劑數', '백신 접종 횟수', 'Số mũi vắc xin', 'Bilang ng dose ng bakuna', 'Jumlah dosis vaksin', 'จำนวนเข็มวัคซีน', 'Doses de vacina', 'Dosis de vacuna'),
	('last_dose_on', '最終接種日', 'さいごに うった 日', 'Day of the last dose', '最后一剂接种日期', '最後一劑接種日期', '마지막 접종일', 'Ngày tiêm mũi cuối', 'Petsa ng huling dose', 'Tanggal dosis terakhir', 'วันที่ฉีดเข็มล่าสุด', 'Dia da última dose', 'Día de la última dosis'),
	('pledged', '誓約事項を守ります', '約束を まもります', 'I keep what the pledge asks', '我遵守誓约事项', '我遵守誓約事項', '서약 사항을 지키겠습니다', 'Tôi tuân thủ bản cam kết', 'Susundin ko ang pangako', 'Saya menaati pernyataan janji', 'ข้าพเจ้าจะปฏิบัติตามคำมั่น', 'Cumprirei o compromisso', 'Cumpliré el compromiso'),
	('declared_true', '申告内容は事実です', 'こたえは ほんとうです', 'What I declare is true', '申报内容属实', '申報內容屬實', '신고 내용은 사실입니다', 'Nội dung khai báo là đúng sự thật', 'Totoo ang aking idineklara', 'Pernyataan saya benar', 'ข้อความที่แจ้งเป็นความจริง', 'O que declaro é verdade', 'Lo que declaro es verdad'),
	('page_title', '検疫手続', 'けんえきの てつづき', 'Quarantine procedures', '检疫手续', '檢疫手續', '검역 절차', 'Thủ tục kiểm dịch', 'Proseso ng kuwarentena', 'Prosedur karantina', 'ขั้นตอนกักกันโรค', 'Procedimentos de quarentena', 'Trámites de cuarentena'),
	('page_red', '未完了', 'まだ おわっていません', 'Not complete', '未完成', '未完成', '미완료', 'Chưa hoàn tất', 'Hindi pa tapos', 'Belum selesai', 'ยังไม่เสร็จ', 'Incompleto', 'Incompleto'),
	('page_yellow', '確認が必要です', 'かくにんが 必要です', 'To be checked', '需要确认', '需要確認', '확인이 필요합니다', 'Cần xác nhận', 'Kailangang suriin', 'Perlu diperiksa', 'ต้องตรวจสอบ', 'A verificar', 'Por comprobar'),
	('page_blue', '完了', 'おわりました', 'Complete', '已完成', '已完成', '완료', 'Hoàn tất', 'Tapos na', 'Selesai', 'เสร็จสิ้น', 'Completo', 'Completo'),
	('page_persons', '人数', '何人', 'Persons', '人数', '人數', '인원', 'Số người', 'Bilang ng tao', 'Jumlah orang', 'จำนวนคน', 'Pessoas', 'Personas'),
	('page_show', '空港の検疫でこの画面または印刷したものを見せてください。', '空港の けんえきで この 画面か、紙を 見せてください。', 'Show this page, or a print of it, to quarantine at the airport.', '请在机场检疫处出示此页面或打印件。', '請在機場檢疫處出示此頁面或列印件。', '공항 검역소에서 이 화면 또는 인쇄물을 보여 주십시오.', 'Xuất trình trang này hoặc bản in tại quầy kiểm dịch sân bay.', 'Ipakita ang pahinang ito o ang naka-print sa kuwarentena ng paliparan.', 'Tunjukkan halaman ini atau cetakannya di karantina bandara.', 'โปรดแสดงหน้านี้หรือฉบับพิมพ์ที่ด่านกักกันโรคของสนามบิน', 'Mostre esta página ou uma impressão na quarentena do aeroporto.', 'Muestre esta página o una copia impresa en la cuarentena del aeropuerto.')
) AS w (item, ja, easy, en, hans, hant, ko, vi, tl, id, th, pt, es)
CROSS JOIN LATERAL (VALUES ('ja', w.ja), ('ja-x-easy', w.easy), ('en', w.en), ('zh-Hans', w.hans), ('zh-Hant', w.hant), ('ko', w.ko), ('vi', w.vi), ('tl', w.tl), ('id', w.id), ('th', w.th), ('pt', w.pt), ('es', w.es)) AS l (language, label);

-- ---- what helps to answer
UPDATE quarantine.text AS t
SET help = l.help
FROM (VALUES
	('conveyance', '例：NH 109。船は船名を、長くても略さずに入力してください。', 'れい：NH 109。船は なまえを ぜんぶ 書いてください。', 'Such as NH 109. For a vessel give its whole name, however long.', '例如：NH 109。乘船者请填写完整船名。', '例如：NH 109。乘船者請填寫完整船名。', '예: NH 109. 선박은 이름을 줄이지 말고 입력하십시오.'),
	('seat', '搭乗券の座席番号（例：34A）。乗務員はCREW、膝の上の乳児は34A INF、わからないときはUNKNOWN。', 'きっぷに ある 席の 番号（34Aなど）。わからないときは UNKNOWN。', 'As on the boarding pass, such as 34A. Crew: CREW; an infant on a lap: 34A INF; not known: UNKNOWN.', '登机牌上的座位号（例：34A）。机组人员填CREW，膝上婴儿填34A INF，不清楚填UNKNOWN。', '登機證上的座位號（例：34A）。機組人員填CREW，膝上嬰兒填34A INF，不清楚填UNKNOWN。', '탑승권의 좌석 번호(예: 34A). 승무원은 CREW, 무릎 위 유아는 34A INF, 모르면 UNKNOWN.'),
	('countries', '最後に滞在した国から順に。入国せずに乗り継いだだけの国は除きます。', 'さいごに いた 国から 書いてください。のりかえただけの 国は 書きません。', 'The last one first. Changing planes without entering is no stay.', '从最后停留的国家开始填写。未入境的转机不算停留。', '從最後停留的國家開始填寫。未入境的轉機不算停留。', '마지막으로 체류한 국가부터. 입국하지 않은 환승은 제외합니다.'),
	('declared_true', '虚偽の申告をした場合、6か月以下の懲役または50万円以下の罰金に処せられることがあります（検疫法36条）。', 'うそを 書くと、刑務所に 入ったり、50万円までの お金を はらったり することが あります。', 'False answers are punished with up to six months in prison or a fine of up to 500,000 yen (Quarantine Act art. 36).', '虚假申报者可被处以6个月以下徒刑或50万日元以下罚金（检疫法第36条）。', '虛假申報者可被處以6個月以下徒刑或50萬日圓以下罰金（檢疫法第36條）。', '허위 신고 시 6개월 이하의 징역 또는 50만 엔 이하의 벌금에 처해질 수 있습니다(검역법 제36조).'),
	('pledged', '待機場所からの外出、公共交通の利用を控え、毎日の確認に応じます。応じない場合、見回り、氏名の公表、停留、在留資格の取消しの対象となることがあります。', '家から 出ません。電車や バスに のりません。まいにち しつもんに こたえます。まもらないと、なまえを 出したり、日本に いられなくなったり することが あります。', 'I stay at the place of stay, use no public transport, and answer the daily checks. Otherwise there may be home visits, publication of the name, detention, or loss of the residence status.', '我将留在居所、不使用公共交通并回答每日询问。违反者可能被上门巡查、公布姓名、停留或取消在留资格。', '我將留在居所、不使用公共交通並回答每日詢問。違反者可能被上門巡查、公布姓名、停留或取消在留資格。', '체류지에 머물고 대중교통을 이용하지 않으며 매일 확인에 응답합니다. 위반 시 방문 순찰, 성명 공개, 정류, 체류 자격 취소의 대상이 될 수 있습니다.')
) AS w (item, ja, easy, en, hans, hant, ko)
CROSS JOIN LATERAL (VALUES ('ja', w.ja), ('ja-x-easy', w.easy), ('en', w.en), ('zh-Hans', w.hans), ('zh-Hant', w.hant), ('ko', w.ko)) AS l (language, help)
WHERE t.item = w.item
	AND t.language = l.language;

-- ---- choices
WITH choice (item, code, ja, easy, en, hans, hant, ko, vi, tl, id, th, pt, es) AS (
	VALUES
	('kind', 'flight', '航空機', 'ひこうき', 'Flight', '飞机', '飛機', '항공기', 'Máy bay', 'Eroplano', 'Pesawat', 'เครื่องบิน', 'Avião', 'Avión'),
	('kind', 'ship', '船舶', '船', 'Ship', '船', '船', '선박', 'Tàu thủy', 'Barko', 'Kapal', 'เรือ', 'Navio', 'Barco'),
	('kind', 'other', 'その他', 'ほか', 'Other', '其他', '其他', '기타', 'Khác', 'Iba pa', 'Lainnya', 'อื่น ๆ', 'Outro', 'Otro'),
	('sex', 'male', '男', 'おとこ', 'Male', '男', '男', '남', 'Nam', 'Lalaki', 'Laki-laki', 'ชาย', 'Masculino', 'Hombre'),
	('sex', 'female', '女', 'おんな', 'Female', '女', '女', '여', 'Nữ', 'Babae', 'Perempuan', 'หญิง', 'Feminino', 'Mujer'),
	('sex', 'other', 'その他', 'ほか', 'Other', '其他', '其他', '기타', 'Khác', 'Iba pa', 'Lainnya', 'อื่น ๆ', 'Outro', 'Otro'),
	('stay_kind', 'home', '自宅', '自分の 家', 'Own home', '自己家', '自己家', '자택', 'Nhà riêng', 'Sariling bahay', 'Rumah sendiri', 'บ้านตนเอง', 'Casa própria', 'Casa propia'),
	('stay_kind', 'family', '親族・知人宅', '家族や ともだちの 家', 'Home of family or friends', '亲友家', '親友家', '친척·지인 집', 'Nhà người thân, bạn bè', 'Bahay ng kamag-anak o kaibigan', 'Rumah keluarga atau teman', 'บ้านญาติหรือเพื่อน', 'Casa de família ou amigos', 'Casa de familia o amigos'),
	('stay_kind', 'hotel', '宿泊施設', 'ホテル', 'Hotel', '酒店', '飯店', '숙박 시설', 'Khách sạn', 'Hotel', 'Hotel', 'โรงแรม', 'Hotel', 'Hotel'),
	('stay_kind', 'work', '勤務先の施設', '会社の ところ', 'Provided by the employer', '工作单位宿舍', '工作單位宿舍', '근무처 시설', 'Nơi ở của cơ quan', 'Tirahan ng kompanya', 'Disediakan pemberi kerja', 'ที่พักของนายจ้าง', 'Do empregador', 'Del empleador'),
	('stay_kind', 'other', 'その他', 'ほか', 'Other', '其他', '其他', '기타', 'Khác', 'Iba pa', 'Lainnya', 'อื่น ๆ', 'Outro', 'Otro'),
	('stay_kind', 'transit', '乗継', 'のりかえ', 'Transit', '转机', '轉機', '환승', 'Quá cảnh', 'Transit', 'Transit', 'ต่อเครื่อง', 'Trânsito', 'Tránsito'),
	('test_method', 'naat', '核酸増幅検査(PCR等)', 'PCRけんさ', 'Nucleic acid amplification (PCR and others)', '核酸检测（PCR等）', '核酸檢測（PCR等）', '핵산증폭검사(PCR 등)', 'Khuếch đại axit nucleic (PCR, v.v.)', 'Nucleic acid amplification (PCR atbp.)', 'Amplifikasi asam nukleat (PCR dll.)', 'การเพิ่มปริมาณกรดนิวคลีอิก (PCR ฯลฯ)', 'Amplificação de ácido nucleico (PCR e outros)', 'Amplificación de ácido nucleico (PCR y otros)'),
	('test_method', 'antigen_quantitative', '抗原定量検査', 'こうげん定量けんさ', 'Quantitative antigen test', '抗原定量检测', '抗原定量檢測', '항원 정량 검사', 'Xét nghiệm kháng nguyên định lượng', 'Quantitative antigen test', 'Tes antigen kuantitatif', 'ตรวจแอนติเจนเชิงปริมาณ', 'Teste quantitativo de antígeno', 'Prueba cuantitativa de antígenos'),
	('test_method', 'antigen_kit', '抗原定性検査', 'こうげん けんさキット', 'Antigen kit', '抗原定性检测', '抗原快篩', '항원 정성 검사', 'Xét nghiệm kháng nguyên nhanh', 'Antigen kit', 'Tes antigen cepat', 'ชุดตรวจแอนติเจน', 'Teste rápido de antígeno', 'Prueba rápida de antígenos')
)
UPDATE quarantine.text AS t
SET choices = c.choices
FROM (
	SELECT w.item, l.language, jsonb_object_agg(w.code, l.label) AS choices
	FROM choice AS w
	CROSS JOIN LATERAL (VALUES ('ja', w.ja), ('ja-x-easy', w.easy), ('en', w.en), ('zh-Hans', w.hans), ('zh-Hant', w.hant), ('ko', w.ko), ('vi', w.vi), ('tl', w.tl), ('id', w.id), ('th', w.th), ('pt', w.pt), ('es', w.es)) AS l (language, label)
	GROUP BY w.item, l.language
) AS c
WHERE t.item = c.item
	AND t.language = c.language;
