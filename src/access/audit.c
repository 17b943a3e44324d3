/*-------------------------------------------------------------------------
 *
 * audit.c
 *		The audit trail: noting what a transaction did.
 *
 * A row trigger and the functions of audit.h make entries. They wait in the
 * memory of the session until the transaction is about to commit (or to be
 * prepared), because only then can they be numbered: a chain has no gaps, and
 * takes one transaction at a time. What a sub-transaction noted goes with it
 * when it is rolled back.
 *
 * A transaction that changes very much writes on the way, or its memory would
 * grow without end; from then on it holds its chain. That is possible when
 * every waiting entry belongs to the current level of nesting, for then they
 * are undone together, if they are.
 *
 * Invariants: levels of waiting entries never fall from one to the next, and
 * none is above the current level. Reveals are kept apart, at no level.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/audit.h"
#include "access/audit_image.h"
#include "access/audit_write.h"
#include "access/scope.h"
#include "common/owner.h"

/* Entries, and bytes of their images, that may wait before some are written on the way. */
#define MAX_WAITING			32768
#define MAX_WAITING_BYTES	(32 * 1024 * 1024)

/* Subjects that one entry about reveals names. */
#define MAX_SUBJECTS		1000

/* Reveals of one purpose by one actor. */
typedef struct Reveals
{
	struct Reveals *next;
	const char *purpose;
	AuditWho	who;
	int64		count;
	int64		room;
	pg_uuid_t  *subjects;		/* "count" of them, as they came */
} Reveals;

/* All of this lives in TopTransactionContext, or is NULL. */
static MemoryContext strings = NULL;	/* names, reveals */
static MemoryContext images = NULL;
static PendingEntry *waiting = NULL;
static int	nwaiting = 0;
static int	maxwaiting = 0;
static Size waiting_bytes = 0;
static Reveals *reveals = NULL;

/* Level of nesting from which on rows are noted without an image, or 0. */
static int	bare_from_level = 0;

/* The names that the last entry had. */
static AuditWho last_who;
static Oid	last_login_id = InvalidOid;
static Oid	last_role_id = InvalidOid;
static const text *last_action = NULL;
static const text *last_relation = NULL;
static CommandId last_command = InvalidCommandId;

/* Forgets everything; the memory goes with the transaction. */
static void
forget_all(void)
{
	strings = NULL;
	images = NULL;
	waiting = NULL;
	nwaiting = maxwaiting = 0;
	waiting_bytes = 0;
	reveals = NULL;
	bare_from_level = 0;
	memset(&last_who, 0, sizeof(last_who));
	last_login_id = last_role_id = InvalidOid;
	last_action = last_relation = NULL;
	last_command = InvalidCommandId;
	ob_access_audit_chain_ends();
}

/* Makes room for one more entry. */
static void
make_room(void)
{
	if (strings == NULL)
	{
		strings = AllocSetContextCreate(TopTransactionContext, "outbreak audit names", ALLOCSET_SMALL_SIZES);
		images = GenerationContextCreate(TopTransactionContext, "outbreak audit images",
										 ALLOCSET_DEFAULT_MINSIZE, 64 * 1024, 1024 * 1024);
	}
	if (nwaiting < maxwaiting)
		return;
	maxwaiting = Max(16, maxwaiting * 2);
	if (waiting == NULL)
		waiting = MemoryContextAllocHuge(TopTransactionContext, sizeof(PendingEntry) * maxwaiting);
	else
		waiting = repalloc_huge(waiting, sizeof(PendingEntry) * maxwaiting);
}

/* A text of these bytes in the context, with no short header. */
static text *
make_text(MemoryContext context, const char *bytes, Size length)
{
	text	   *made = MemoryContextAllocHuge(context, VARHDRSZ + length);

	SET_VARSIZE(made, VARHDRSZ + length);
	memcpy(VARDATA(made), bytes, length);
	return made;
}

/* A copy that lives as long as the transaction; *last, where it says the same. */
static const text *
keep(const text **last, const char *string)
{
	Size		length;

	if (string == NULL)
		return NULL;
	length = strlen(string);
	if (*last == NULL || VARSIZE(*last) - VARHDRSZ != length || memcmp(VARDATA(*last), string, length) != 0)
		*last = make_text(strings, string, length);
	return *last;
}

/* Who acts: the login, the role that it set, and the subject of its token. */
static AuditWho
who_acts(void)
{
	Oid			login = GetSessionUserId();
	Oid			role = GetOuterUserId();
	const char *actor = ob_access_actor();
	AuditWho	who;

	if (login != last_login_id)
	{
		(void) keep(&last_who.login, GetUserNameFromId(login, false));
		last_login_id = login;
	}
	if (role != last_role_id)
	{
		(void) keep(&last_who.role, GetUserNameFromId(role, false));
		last_role_id = role;
	}
	who.login = last_who.login;
	who.role = last_who.role;
	who.actor = keep(&last_who.actor, actor);
	return who;
}

/*
 * The same for the rows of one command, which do not change hands: the claims
 * of a token are set by a command of their own.
 */
static AuditWho
who_changes(void)
{
	static AuditWho who;
	CommandId	command = GetCurrentCommandId(false);

	if (command != last_command || last_login_id != GetSessionUserId() || last_role_id != GetOuterUserId())
	{
		who = who_acts();
		last_command = command;
	}
	return who;
}

/* Nothing is noted where nothing can be written. */
static void
require_writer(void)
{
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("this has to be recorded in the audit trail, which is not possible on a standby")));
	if (IsParallelWorker() || IsInParallelMode())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_STATE),
				 errmsg("this has to be recorded in the audit trail, which is not possible during a parallel operation")));
}

/* Adds an entry without an image; the caller has made room. */
static PendingEntry *
add_entry(AuditWho who, const char *action, const char *relation, const pg_uuid_t *subject)
{
	PendingEntry *entry;

	make_room();
	entry = &waiting[nwaiting];
	memset(entry, 0, sizeof(*entry));
	entry->level = GetCurrentTransactionNestLevel();
	entry->who = who;
	entry->action = keep(&last_action, action);
	entry->relation = keep(&last_relation, relation);
	entry->has_subject = subject != NULL;
	if (subject != NULL)
		entry->subject = *subject;
	nwaiting++;
	return entry;
}

static void
set_image(PendingEntry *entry, const char *image, int length)
{
	entry->image = make_text(images, image, length);
	waiting_bytes += VARSIZE(entry->image) + sizeof(PendingEntry);
}

/* Writes what waits. */
static void
write_waiting(void)
{
	ob_access_audit_write(waiting, nwaiting);
	nwaiting = 0;
	waiting_bytes = 0;
	MemoryContextReset(images);
}

/* Writes on the way when much waits and nothing of an outer level does. */
static void
write_if_much(void)
{
	if ((nwaiting >= MAX_WAITING || waiting_bytes >= MAX_WAITING_BYTES) &&
		waiting[0].level == GetCurrentTransactionNestLevel())
		write_waiting();
}

/* ---- what is noted -------------------------------------------------------- */

/* The scratch that images are put together in. */
static StringInfo
scratch(void)
{
	static StringInfoData buffer = {0};

	/* what one huge row needed is not kept */
	if (buffer.data != NULL && buffer.maxlen > 1024 * 1024)
	{
		pfree(buffer.data);
		buffer.data = NULL;
	}
	if (buffer.data == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		initStringInfo(&buffer);
		MemoryContextSwitchTo(old);
	}
	resetStringInfo(&buffer);
	return &buffer;
}

/* The person that a row is about, from the column that the trigger names. */
static bool
subject_of(Trigger *trigger, Relation relation, TupleTableSlot *row, pg_uuid_t *subject)
{
	AttrNumber	column;
	Datum		value;
	bool		isnull;

	if (trigger->tgnargs == 0)
		return false;
	column = SPI_fnumber(RelationGetDescr(relation), trigger->tgargs[0]);
	if (column <= 0 || getBaseType(TupleDescAttr(RelationGetDescr(relation), column - 1)->atttypid) != UUIDOID)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of \"%s\", which the audit trail takes the person from, is no uuid column",
						trigger->tgargs[0], RelationGetRelationName(relation)),
				 errhint("Attach the trigger anew with access.audit_table().")));
	value = slot_getattr(row, column, &isnull);
	if (!isnull)
		*subject = *DatumGetUUIDP(value);
	return !isnull;
}

/*
 * outbreak.audit_change(): AFTER trigger, for each row of INSERT, UPDATE and
 * DELETE, and for each statement of TRUNCATE. The argument, if there is one,
 * names the column that holds the person.
 */
PG_FUNCTION_INFO_V1(ob_access_audit_change);
Datum
ob_access_audit_change(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	AuditRelation *relation;
	TupleTableSlot *old_row = NULL;
	TupleTableSlot *new_row = NULL;
	const char *action;
	StringInfo	image;
	pg_uuid_t	subject;
	bool		has_subject;
	PendingEntry *entry;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(data->tg_event) ||
		TRIGGER_FIRED_FOR_ROW(data->tg_event) == TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("outbreak.audit_change() is an AFTER trigger for each row, or for each statement of TRUNCATE")));

	relation = ob_access_audit_relation(data->tg_relation);
	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
	{
		make_room();
		add_entry(who_changes(), "truncate", relation->name, NULL);
		PG_RETURN_POINTER(NULL);
	}
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
	{
		action = "insert";
		new_row = data->tg_trigslot;
	}
	else if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		action = "update";
		old_row = data->tg_trigslot;
		new_row = data->tg_newslot;
	}
	else
	{
		action = "delete";
		old_row = data->tg_trigslot;
	}

	image = scratch();
	if (!ob_access_audit_image(image, relation, old_row, new_row))
		PG_RETURN_POINTER(NULL);
	has_subject = subject_of(data->tg_trigger, data->tg_relation, new_row != NULL ? new_row : old_row, &subject);
	make_room();
	entry = add_entry(who_changes(), action, relation->name, has_subject ? &subject : NULL);
	if (bare_from_level == 0)
		set_image(entry, image->data, image->len);
	write_if_much();
	PG_RETURN_POINTER(NULL);
}

/*
 * outbreak.audit_images(on boolean): from false to true, to the end of this
 * level of nesting at the latest, changed rows are noted without an image.
 * For retention alone: what it takes away would live on in the trail.
 */
PG_FUNCTION_INFO_V1(ob_access_audit_images);
Datum
ob_access_audit_images(PG_FUNCTION_ARGS)
{
	bare_from_level = PG_GETARG_BOOL(0) ? 0 : GetCurrentTransactionNestLevel();
	PG_RETURN_VOID();
}

bool
ob_access_audit_is_bare(void)
{
	return bare_from_level > 0;
}

void
ob_access_audit_note(const char *action, const char *relation, const pg_uuid_t *subject, const char *detail_json)
{
	PendingEntry *entry;

	require_writer();
	make_room();
	entry = add_entry(who_acts(), action, relation, subject);
	if (detail_json != NULL)
		set_image(entry, detail_json, strlen(detail_json));
	write_if_much();
}

/* outbreak.audit_note(action text, subject uuid, detail jsonb) returns void */
PG_FUNCTION_INFO_V1(ob_access_audit_note_sql);
Datum
ob_access_audit_note_sql(PG_FUNCTION_ARGS)
{
	char	   *action;
	char	   *detail = NULL;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a note of the audit trail names its action")));
	action = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (!PG_ARGISNULL(2))
	{
		Jsonb	   *json = PG_GETARG_JSONB_P(2);

		detail = JsonbToCString(NULL, &json->root, VARSIZE(json));
	}
	ob_access_audit_note(action, NULL, PG_ARGISNULL(1) ? NULL : PG_GETARG_UUID_P(1), detail);
	PG_RETURN_VOID();
}

/* ---- reveals -------------------------------------------------------------- */

/* The reveals of that purpose by whoever acts now. */
static Reveals *
reveals_of(const char *purpose)
{
	AuditWho	who;
	Reveals    *found;

	make_room();
	who = who_acts();
	for (found = reveals; found != NULL; found = found->next)
		if (found->who.login == who.login && found->who.role == who.role && found->who.actor == who.actor &&
			strcmp(found->purpose, purpose) == 0)
			return found;
	found = MemoryContextAllocZero(strings, sizeof(Reveals));
	found->purpose = MemoryContextStrdup(strings, purpose);
	found->who = who;
	found->next = reveals;
	reveals = found;
	return found;
}

void
ob_access_audit_reveal(const char *purpose, const pg_uuid_t *subject)
{
	Reveals    *found;

	require_writer();
	found = reveals_of(purpose);
	if (found->count == found->room)
	{
		found->room = Max(8, found->room * 2);
		if (found->subjects == NULL)
			found->subjects = MemoryContextAllocHuge(strings, sizeof(pg_uuid_t) * found->room);
		else
			found->subjects = repalloc_huge(found->subjects, sizeof(pg_uuid_t) * found->room);
	}
	found->subjects[found->count++] = *subject;
}

/* Appends subjects [from, to) as a comma-separated list. */
static void
append_subjects(StringInfo into, Reveals *of, int64 from, int64 to, const char *quote)
{
	for (int64 i = from; i < to; i++)
	{
		appendStringInfo(into, "%s%s", i > from ? "," : "", quote);
		ob_access_audit_uuid(into, &of->subjects[i]);
		appendStringInfoString(into, quote);
	}
}

/* Turns the reveals into entries: one a purpose and actor, and for up to MAX_SUBJECTS subjects. */
static void
note_reveals(void)
{
	for (Reveals *of = reveals; of != NULL; of = of->next)
	{
		for (int64 from = 0; from < of->count; from += MAX_SUBJECTS)
		{
			int64		to = Min(from + MAX_SUBJECTS, of->count);
			StringInfo	image = scratch();
			PendingEntry *entry;

			CHECK_FOR_INTERRUPTS();
			appendStringInfoString(image, "{\"purpose\":");
			ob_access_audit_json(image, of->purpose, strlen(of->purpose));
			appendStringInfo(image, ",\"count\":" INT64_FORMAT ",\"subjects\":[", to - from);
			append_subjects(image, of, from, to, "\"");
			appendStringInfoString(image, "]}");

			entry = add_entry(of->who, "reveal", NULL, to - from == 1 ? &of->subjects[from] : NULL);
			set_image(entry, image->data, image->len);
		}
	}
	reveals = NULL;
}

#define LENGTH_AND_BYTES(t) ((t) != NULL ? (int) (VARSIZE(t) - VARHDRSZ) : 1), ((t) != NULL ? VARDATA(t) : "-")

/* What an aborted transaction revealed goes to the server's log: the trail cannot hold it. */
static void
log_reveals(void)
{
	for (Reveals *of = reveals; of != NULL; of = of->next)
	{
		for (int64 from = 0; from < of->count; from += MAX_SUBJECTS)
		{
			int64		to = Min(from + MAX_SUBJECTS, of->count);
			StringInfoData subjects;

			initStringInfo(&subjects);
			append_subjects(&subjects, of, from, to, "");
			ereport(LOG_SERVER_ONLY,
					(errmsg("sealed values were revealed in a transaction that was rolled back"),
					 errdetail("login %.*s, role %.*s, actor %.*s, purpose %s, count " INT64_FORMAT ", subjects %s",
							   LENGTH_AND_BYTES(of->who.login), LENGTH_AND_BYTES(of->who.role), LENGTH_AND_BYTES(of->who.actor),
							   of->purpose, to - from, subjects.data),
					 errhidestmt(true), errhidecontext(true)));
			pfree(subjects.data);
		}
	}
}

/* ---- the end of a transaction --------------------------------------------- */

/* The last moment at which the transaction can still write, and still fail. */
static void
before_commit(void)
{
	if (reveals == NULL && nwaiting == 0)
		return;
	PushActiveSnapshot(GetTransactionSnapshot());
	note_reveals();
	write_waiting();
	PopActiveSnapshot();
}

static void
at_transaction_event(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			before_commit();
			break;
		case XACT_EVENT_ABORT:
			log_reveals();
			forget_all();
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PREPARE:
			forget_all();
			break;
		default:
			break;				/* a parallel worker notes nothing */
	}
}

static void
at_subtransaction_event(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	int			level = GetCurrentTransactionNestLevel();

	if ((event == SUBXACT_EVENT_ABORT_SUB || event == SUBXACT_EVENT_COMMIT_SUB) && bare_from_level >= level)
		bare_from_level = 0;
	if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		while (nwaiting > 0 && waiting[nwaiting - 1].level >= level)
		{
			PendingEntry *entry = &waiting[--nwaiting];

			if (entry->image != NULL)
			{
				waiting_bytes -= VARSIZE(entry->image) + sizeof(PendingEntry);
				pfree(entry->image);
			}
		}
		ob_access_audit_chain_level_ends(level, true);
	}
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		for (int i = nwaiting - 1; i >= 0 && waiting[i].level >= level; i--)
			waiting[i].level = level - 1;
		ob_access_audit_chain_level_ends(level, false);
	}
}

void
ob_access_audit_init(void)
{
	RegisterXactCallback(at_transaction_event, NULL);
	RegisterSubXactCallback(at_subtransaction_event, NULL);
}
