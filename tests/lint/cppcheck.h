/*
 * What cppcheck needs to know of PostgreSQL's headers, which it does not get
 * to read: which macros open and close blocks, and what does not return.
 */
#define PG_VERSION_NUM 150000
#define OUTBREAK_VERSION "lint"
#define USE_FLOAT8_BYVAL 1
#define SIZEOF_DATUM 8
#define FLEXIBLE_ARRAY_MEMBER

#define PG_MODULE_MAGIC extern int pg_module_magic
#define PG_FUNCTION_INFO_V1(f) extern int pg_finfo_##f
#define PG_FUNCTION_ARGS FunctionCallInfo fcinfo
#define PG_RETURN_NULL() return 0

#define PG_TRY() {
#define PG_CATCH() } {
#define PG_FINALLY() } {
#define PG_END_TRY() }

#define Assert(condition) do { if (!(condition)) abort(); } while (0)
#define pg_unreachable() abort()

#define DEBUG1 14
#define LOG 15
#define INFO 17
#define NOTICE 18
#define WARNING 19
#define ERROR 21
#define FATAL 22
#define PANIC 23
#define elog(level, ...) do { if ((level) >= ERROR) abort(); } while (0)
#define ereport(level, ...) do { if ((level) >= ERROR) abort(); } while (0)
