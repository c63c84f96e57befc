/* Reads iCalendar files with libical and says in JSON what it found: one line for each file.
 *
 * usage: libical_check FILE...
 *
 * {"errors": [...], "method": ..., "events": [{"uid", "recurrence_id", "sequence", "status", "start", "end",
 *  "starts", "attendees", "organizer", "summary", "location"}]}
 *
 * Errors are what libical's parser and its iTIP restrictions (RFC 5546, 3) object to. Instants are UTC, worked out by
 * the VTIMEZONE of the file itself, never by a zone that libical or the machine brings along. What is missing is null.
 */
#include <libical/ical.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_STARTS 60

static void print_text(const char *text)
{
    if (text == NULL) {
        fputs("null", stdout);
        return;
    }
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20 || *at == 0x7f)
            printf("\\u%04x", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

static void print_instant(time_t instant)
{
    char text[32];
    struct tm parts;
    gmtime_r(&instant, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    print_text(text);
}

/* The instant of a date-time property; false if it has a TZID that the file does not define. */
static bool find_instant(icalcomponent *calendar, icalproperty *property, time_t *instant)
{
    struct icaltimetype local = icalvalue_get_datetime(icalproperty_get_value(property));
    icalparameter *tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    icaltimezone *zone = icaltimezone_get_utc_timezone();
    if (tzid != NULL)
        zone = icalcomponent_get_timezone(calendar, icalparameter_get_tzid(tzid));
    else if (!icaltime_is_utc(local) && !icaltime_is_date(local))
        zone = NULL;
    if (zone == NULL)
        return false;
    *instant = icaltime_as_timet_with_zone(local, zone);
    return true;
}

static void print_time(icalcomponent *calendar, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    time_t instant;
    if (property == NULL)
        fputs("null", stdout);
    else if (find_instant(calendar, property, &instant))
        print_instant(instant);
    else
        print_text("a time in a zone that the file does not define");
}

struct starts {
    int count;
};

static void print_start(icalcomponent *event, struct icaltime_span *span, void *data)
{
    struct starts *starts = data;
    (void)event;
    if (starts->count >= MOST_STARTS)
        return;
    if (starts->count++ > 0)
        fputs(", ", stdout);
    print_instant(span->start);
}

static void print_starts(icalcomponent *event)
{
    struct starts starts = {0};
    struct icaltimetype first = icaltime_from_string("20000101T000000Z");
    struct icaltimetype last = icaltime_from_string("20400101T000000Z");
    putchar('[');
    icalcomponent_foreach_recurrence(event, first, last, print_start, &starts);
    putchar(']');
}

static void print_attendees(icalcomponent *event)
{
    bool more = false;
    putchar('[');
    for (icalproperty *each = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY); each != NULL;
         each = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        if (more)
            fputs(", ", stdout);
        print_text(icalproperty_get_attendee(each));
        more = true;
    }
    putchar(']');
}

static void print_event(icalcomponent *calendar, icalcomponent *event)
{
    icalproperty *sequence = icalcomponent_get_first_property(event, ICAL_SEQUENCE_PROPERTY);
    icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    icalproperty *organizer = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    fputs("{\"uid\": ", stdout);
    print_text(icalcomponent_get_uid(event));
    fputs(", \"recurrence_id\": ", stdout);
    print_time(calendar, event, ICAL_RECURRENCEID_PROPERTY);
    fputs(", \"sequence\": ", stdout);
    if (sequence == NULL)
        fputs("null", stdout);
    else
        printf("%d", icalproperty_get_sequence(sequence));
    fputs(", \"status\": ", stdout);
    print_text(status == NULL ? NULL : icalproperty_status_to_string(icalproperty_get_status(status)));
    fputs(", \"start\": ", stdout);
    print_time(calendar, event, ICAL_DTSTART_PROPERTY);
    fputs(", \"end\": ", stdout);
    print_time(calendar, event, ICAL_DTEND_PROPERTY);
    fputs(", \"starts\": ", stdout);
    print_starts(event);
    fputs(", \"attendees\": ", stdout);
    print_attendees(event);
    fputs(", \"organizer\": ", stdout);
    print_text(organizer == NULL ? NULL : icalproperty_get_organizer(organizer));
    fputs(", \"summary\": ", stdout);
    print_text(icalcomponent_get_summary(event));
    fputs(", \"location\": ", stdout);
    print_text(icalcomponent_get_location(event));
    putchar('}');
}

static void print_errors(icalcomponent *component, bool *more)
{
    for (icalproperty *each = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); each != NULL;
         each = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        if (*more)
            fputs(", ", stdout);
        print_text(icalproperty_get_xlicerror(each));
        *more = true;
    }
    for (icalcomponent *each = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); each != NULL;
         each = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        print_errors(each, more);
}

static void print_calendar(icalcomponent *calendar)
{
    bool more = false, followed = false;
    icalproperty *method = icalcomponent_get_first_property(calendar, ICAL_METHOD_PROPERTY);
    /* METHOD may not be in what a CalDAV store holds; the restrictions are about messages. */
    bool keeps = method == NULL || icalrestriction_check(calendar) != 0;
    fputs("{\"errors\": [", stdout);
    print_errors(calendar, &more);
    if (!keeps && !more)
        print_text("breaks a restriction that libical does not name");
    fputs("], \"method\": ", stdout);
    print_text(method == NULL ? NULL : icalproperty_method_to_string(icalproperty_get_method(method)));
    fputs(", \"events\": [", stdout);
    for (icalcomponent *each = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); each != NULL;
         each = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        /* The walk of print_event over the same component does not disturb this one: it goes over properties. */
        if (followed)
            fputs(", ", stdout);
        print_event(calendar, each);
        followed = true;
    }
    fputs("]}\n", stdout);
}

static char *contents(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(2);
    }
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*length + 1);
    if (text == NULL || fread(text, 1, *length, file) != *length) {
        perror(path);
        exit(2);
    }
    text[*length] = '\0';
    fclose(file);
    return text;
}

int main(int count, char **paths)
{
    icalerror_set_errors_are_fatal(false);
    for (int number = 1; number < count; number++) {
        size_t length;
        char *text = contents(paths[number], &length);
        icalcomponent *calendar = strlen(text) == length ? icalparser_parse_string(text) : NULL;
        if (calendar == NULL || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT)
            puts("{\"errors\": [\"not one VCALENDAR\"], \"method\": null, \"events\": []}");
        else
            print_calendar(calendar);
        if (calendar != NULL)
            icalcomponent_free(calendar);
        free(text);
    }
    return 0;
}
