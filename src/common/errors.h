/*-------------------------------------------------------------------------
 *
 * errors.h
 *		SQLSTATEs of class OB, the errors that callers are meant to handle.
 *
 * PostgREST answers 400 to each of them. Standard codes are used where one
 * fits (22P02 for text that is no code, 42501 for a missing right).
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_ERRORS_H
#define OUTBREAK_ERRORS_H

#include "utils/elog.h"

/* A report is refused; for broken rules DETAIL is JSON with each of them. */
#define ERRCODE_OB_REPORT_REFUSED		MAKE_SQLSTATE('O', 'B', '0', '0', '1')
/* A reporter is not in the registry. */
#define ERRCODE_OB_UNKNOWN_REPORTER		MAKE_SQLSTATE('O', 'B', '0', '0', '2')
/* A rule cannot be compiled or is not allowed. */
#define ERRCODE_OB_BAD_RULE				MAKE_SQLSTATE('O', 'B', '0', '0', '3')
/* A form is not registered, or its registration no longer fits the table. */
#define ERRCODE_OB_BAD_FORM				MAKE_SQLSTATE('O', 'B', '0', '0', '4')

/* A sealed value cannot be opened; the same for every cause. */
#define ERRCODE_OB_SEALED				MAKE_SQLSTATE('O', 'B', '0', '2', '0')
/* There is no usable master key. */
#define ERRCODE_OB_NO_KEY				MAKE_SQLSTATE('O', 'B', '0', '2', '1')
/* Nothing is sealed for a person who was forgotten. */
#define ERRCODE_OB_FORGOTTEN			MAKE_SQLSTATE('O', 'B', '0', '2', '2')
/* A user revealed as many values in this hour as outbreak.access_reveal_limit allows. */
#define ERRCODE_OB_REVEAL_LIMIT			MAKE_SQLSTATE('O', 'B', '0', '2', '3')

/* A small count cannot be protected any more, because of what was shown before. */
#define ERRCODE_OB_UNPROTECTED			MAKE_SQLSTATE('O', 'B', '0', '2', '4')
/* A released figure would get another value. */
#define ERRCODE_OB_REVISED				MAKE_SQLSTATE('O', 'B', '0', '2', '5')

/* Seats cannot be apportioned; DETAIL says why. */
#define ERRCODE_OB_NOT_APPORTIONABLE	MAKE_SQLSTATE('O', 'B', '0', '3', '0')
/* No flow meets supplies and demands; DETAIL is JSON with the nodes that cannot send out what they have. */
#define ERRCODE_OB_INFEASIBLE			MAKE_SQLSTATE('O', 'B', '0', '3', '1')
/* No flow costs the least; DETAIL is JSON with the edges of a cycle that can always carry more, for less. */
#define ERRCODE_OB_UNBOUNDED			MAKE_SQLSTATE('O', 'B', '0', '3', '2')

/* Raised in SQL; named here so that the list of codes is in one place. */

/* Stored reports break a rule that is being written; DETAIL lists up to 20. */
#define ERRCODE_OB_STORED_REPORTS		MAKE_SQLSTATE('O', 'B', '0', '0', '5')
/* A form is not truncated, because its history would be lost. */
#define ERRCODE_OB_NO_TRUNCATE			MAKE_SQLSTATE('O', 'B', '0', '0', '6')
/* An institution is not deleted, because reports refer to it. */
#define ERRCODE_OB_INSTITUTION_STAYS	MAKE_SQLSTATE('O', 'B', '0', '1', '0')
/* The vintage of a list of medical areas is ambiguous. */
#define ERRCODE_OB_VINTAGE				MAKE_SQLSTATE('O', 'B', '0', '1', '1')
/* A text is not CSV. */
#define ERRCODE_OB_NOT_CSV				MAKE_SQLSTATE('O', 'B', '0', '1', '2')

/* vsys, stock: a site would have less than nothing of a lot at some moment; DETAIL is JSON. */
#define ERRCODE_OB_STOCK_SHORT			MAKE_SQLSTATE('O', 'B', '0', '4', '0')
/* An event of the ledger of stock is refused; DETAIL is JSON. */
#define ERRCODE_OB_STOCK_REFUSED		MAKE_SQLSTATE('O', 'B', '0', '4', '1')
/* A key of the sender stands for another event. */
#define ERRCODE_OB_STOCK_KEY			MAKE_SQLSTATE('O', 'B', '0', '4', '2')
/* A running total is lower than what is entered. */
#define ERRCODE_OB_STOCK_TOTAL			MAKE_SQLSTATE('O', 'B', '0', '4', '3')
/* Vials may not be brought into that state; DETAIL and HINT quote the rule. */
#define ERRCODE_OB_STORAGE				MAKE_SQLSTATE('O', 'B', '0', '4', '4')
/* A site may not go that way: its state, its kind or what belongs to it forbids it; DETAIL is JSON. */
#define ERRCODE_OB_SITE					MAKE_SQLSTATE('O', 'B', '0', '4', '5')

/* A round of allocation is in a state that does not allow it, or has changed since it was calculated. */
#define ERRCODE_OB_ROUND_STATE			MAKE_SQLSTATE('O', 'B', '0', '5', '0')
/* Requests for vaccine are refused; DETAIL is JSON with every fault. */
#define ERRCODE_OB_REQUEST_REFUSED		MAKE_SQLSTATE('O', 'B', '0', '5', '1')
/* The frames of a round do not add up, or name what is not there. */
#define ERRCODE_OB_BAD_FRAME			MAKE_SQLSTATE('O', 'B', '0', '5', '2')
/* A split does not add up to what there is, or names a unit that is not below its parent. */
#define ERRCODE_OB_BAD_SPLIT			MAKE_SQLSTATE('O', 'B', '0', '5', '3')
/* A round does not pass its recheck. */
#define ERRCODE_OB_ROUND_BROKEN			MAKE_SQLSTATE('O', 'B', '0', '5', '4')
/* A round breaks promises of second doses; DETAIL is JSON with them. */
#define ERRCODE_OB_PROMISE_BROKEN		MAKE_SQLSTATE('O', 'B', '0', '5', '5')

/* vsys, delivery: what is named in a step is not there or does not fit, or something is not said. */
#define ERRCODE_OB_DELIVERY_INPUT		MAKE_SQLSTATE('O', 'B', '0', '6', '0')
/* Not everything finds a place in a delivery plan; DETAIL lists what is too small, and by how much. */
#define ERRCODE_OB_NO_PLACE				MAKE_SQLSTATE('O', 'B', '0', '6', '1')
/* The state of a delivery does not allow the step. */
#define ERRCODE_OB_DELIVERY_STATE		MAKE_SQLSTATE('O', 'B', '0', '6', '2')
/* The step was done already, or its key was used for another one. */
#define ERRCODE_OB_DELIVERY_TWICE		MAKE_SQLSTATE('O', 'B', '0', '6', '3')
/* An amount, a temperature or a time is not acceptable. */
#define ERRCODE_OB_DELIVERY_AMOUNT		MAKE_SQLSTATE('O', 'B', '0', '6', '4')
/* A lot is unknown, expired, recalled, or known with another expiry. */
#define ERRCODE_OB_DELIVERY_LOT			MAKE_SQLSTATE('O', 'B', '0', '6', '5')
/* Vials are sent where nobody permitted it. */
#define ERRCODE_OB_NOT_PERMITTED		MAKE_SQLSTATE('O', 'B', '0', '6', '6')
/* A delivery plan is out of date; DETAIL lists what changed. */
#define ERRCODE_OB_STALE_PLAN			MAKE_SQLSTATE('O', 'B', '0', '6', '7')
/* vsys, results: a dose is not recorded; DETAIL is JSON with every finding. */
#define ERRCODE_OB_DOSE_REFUSED			MAKE_SQLSTATE('O', 'B', '0', '8', '0')
/* A dose is out of force already, or would be recorded twice. */
#define ERRCODE_OB_DOSE_ENDED			MAKE_SQLSTATE('O', 'B', '0', '8', '1')
/* A key stands for another entry of results. */
#define ERRCODE_OB_RESULT_KEY			MAKE_SQLSTATE('O', 'B', '0', '8', '2')
/* A file is no file of the vaccination record system. */
#define ERRCODE_OB_NOT_VRS				MAKE_SQLSTATE('O', 'B', '0', '8', '3')
/* vsys, booking; DETAIL is JSON with "reason", a code of vsys.booking_reason, and its texts. */

/* Ticket and date of birth are not those of an issued ticket. */
#define ERRCODE_OB_TICKET				MAKE_SQLSTATE('O', 'B', '0', '7', '0')
/* A number or date is not written as it must be. */
#define ERRCODE_OB_TICKET_MALFORMED		MAKE_SQLSTATE('O', 'B', '0', '7', '1')
/* The ticket is not for this session. */
#define ERRCODE_OB_NOT_ENTITLED			MAKE_SQLSTATE('O', 'B', '0', '7', '2')
/* All places are taken. */
#define ERRCODE_OB_SOLD_OUT				MAKE_SQLSTATE('O', 'B', '0', '7', '3')
/* The person has a place already. */
#define ERRCODE_OB_ALREADY_BOOKED		MAKE_SQLSTATE('O', 'B', '0', '7', '4')
/* The session cannot be booked now, or not in this way. */
#define ERRCODE_OB_NOT_BOOKABLE			MAKE_SQLSTATE('O', 'B', '0', '7', '5')
/* Too many wrong attempts with a ticket. */
#define ERRCODE_OB_TICKET_ATTEMPTS		MAKE_SQLSTATE('O', 'B', '0', '7', '6')
/* There is no such slot, session, booking or request, or it is somebody else's. */
#define ERRCODE_OB_NO_BOOKING			MAKE_SQLSTATE('O', 'B', '0', '7', '7')
/* The capacity would be below what is booked. */
#define ERRCODE_OB_CAPACITY				MAKE_SQLSTATE('O', 'B', '0', '7', '8')
/* The booking has ended, or its time has come. */
#define ERRCODE_OB_BOOKING_ENDED		MAKE_SQLSTATE('O', 'B', '0', '7', '9')

/* credential: no key of that purpose signs at that moment. */
#define ERRCODE_OB_NO_SIGNING_KEY		MAKE_SQLSTATE('O', 'B', '1', '0', '0')
/* messaging: there is no such text. */
#define ERRCODE_OB_NO_TEMPLATE			MAKE_SQLSTATE('O', 'B', '1', '1', '0')
/* A text needs parameters that are not given, or is no text. */
#define ERRCODE_OB_PARAMETER			MAKE_SQLSTATE('O', 'B', '1', '1', '1')
/* What claims to come from a gateway does not: its signature does not fit. */
#define ERRCODE_OB_SIGNATURE			MAKE_SQLSTATE('O', 'B', '1', '1', '2')
/* There is no usable secret of that name. */
#define ERRCODE_OB_NO_SECRET			MAKE_SQLSTATE('O', 'B', '1', '1', '3')
/* A bounce could not be taken: a handler failed; DETAIL says why. */
#define ERRCODE_OB_BOUNCE				MAKE_SQLSTATE('O', 'B', '1', '1', '4')

/* followup; DETAIL is JSON with "reason" and its texts. */

/* No period is laid down for that plan, class and day. */
#define ERRCODE_OB_NO_PERIOD			MAKE_SQLSTATE('O', 'B', '1', '2', '0')
/* The follow-up has ended. */
#define ERRCODE_OB_FOLLOWUP_ENDED		MAKE_SQLSTATE('O', 'B', '1', '2', '1')
/* The person is not in follow-up. */
#define ERRCODE_OB_NOT_FOLLOWED			MAKE_SQLSTATE('O', 'B', '1', '2', '2')
/* Nothing of that kind is asked at this time. */
#define ERRCODE_OB_NOT_ASKED			MAKE_SQLSTATE('O', 'B', '1', '2', '3')
/* The answer is too late. */
#define ERRCODE_OB_ANSWER_TOO_LATE		MAKE_SQLSTATE('O', 'B', '1', '2', '4')
/* The answer says something that nobody asks for, or nothing. */
#define ERRCODE_OB_ANSWER_ITEMS			MAKE_SQLSTATE('O', 'B', '1', '2', '5')
/* There is no such open call, alert or notification. */
#define ERRCODE_OB_NO_TASK				MAKE_SQLSTATE('O', 'B', '1', '2', '6')
/* No rule of release is met, or a fact is missing; DETAIL has verdict, ready_at and missing. */
#define ERRCODE_OB_NOT_RELEASED			MAKE_SQLSTATE('O', 'B', '1', '2', '7')
/* A correction is refused; DETAIL is JSON with every fault. */
#define ERRCODE_OB_CORRECTION			MAKE_SQLSTATE('O', 'B', '1', '2', '8')
/* A later period is laid down already. */
#define ERRCODE_OB_LATER_PERIOD			MAKE_SQLSTATE('O', 'B', '1', '2', '9')

/* quarantine: an entry is not taken; DETAIL is JSON with every fault of every person. */
#define ERRCODE_OB_ENTRY				MAKE_SQLSTATE('O', 'B', '1', '3', '0')
/* There is no such entry, traveller, detection or contact. */
#define ERRCODE_OB_NO_ENTRY				MAKE_SQLSTATE('O', 'B', '1', '3', '1')
/* The entry has arrived, was cancelled, or its time is over. */
#define ERRCODE_OB_ENTRY_STATE			MAKE_SQLSTATE('O', 'B', '1', '3', '2')
/* More entries or changes than there may be. */
#define ERRCODE_OB_ENTRY_LIMIT			MAKE_SQLSTATE('O', 'B', '1', '3', '3')
/* There is no such reader, it is not the caller's, or its clock is wrong. */
#define ERRCODE_OB_READER				MAKE_SQLSTATE('O', 'B', '1', '3', '4')
/* A decision about a document, a result or a contact cannot be made so. */
#define ERRCODE_OB_DECISION				MAKE_SQLSTATE('O', 'B', '1', '3', '5')

#endif							/* OUTBREAK_ERRORS_H */
