// Reads iCalendar files with ical.js and says in JSON what it found: one line for each file, as libical_check does.
// usage: node ical_js_read.mjs FILE...
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const MOST_STARTS = 60;

function instant(time) {
  return time === null ? null : new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

/** The UTC instant of a date-time property, by the VTIMEZONE of the file itself. */
function when(event, name) {
  const property = event.getFirstProperty(name);
  if (property === null) return null;
  const time = property.getFirstValue();
  const tzid = property.getParameter("tzid");
  if (tzid !== undefined) {
    const zone = event.getTimeZoneByID(tzid);
    if (zone === null) return "a time in a zone that the file does not define";
    time.zone = zone;
  } else if (!time.isDate && time.zone !== ICAL.Timezone.utcTimezone) {
    return "a time in a zone that the file does not define";
  }
  return instant(time);
}

function starts(component) {
  if (!component.hasProperty("dtstart")) return [];
  const event = new ICAL.Event(component);
  if (!event.isRecurring()) return [when(component, "dtstart")];
  // Of dates that are only listed, its iterator passes over the first, which is DTSTART (its pull request 534).
  const found = component.hasProperty("rrule") ? [] : [when(component, "dtstart")];
  const iterator = event.iterator();
  for (let next = iterator.next(); next && found.length < MOST_STARTS; next = iterator.next()) {
    found.push(instant(next));
  }
  return found;
}

function read(event) {
  return {
    uid: event.getFirstPropertyValue("uid"),
    recurrence_id: when(event, "recurrence-id"),
    sequence: event.getFirstPropertyValue("sequence"),
    status: event.getFirstPropertyValue("status"),
    start: when(event, "dtstart"),
    end: when(event, "dtend"),
    starts: starts(event),
    attendees: event.getAllProperties("attendee").map((each) => each.getFirstValue()),
    organizer: event.getFirstPropertyValue("organizer"),
    summary: event.getFirstPropertyValue("summary"),
    location: event.getFirstPropertyValue("location"),
  };
}

for (const path of process.argv.slice(2)) {
  const answer = { errors: [], method: null, events: [] };
  try {
    const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, { encoding: "utf8" })));
    answer.method = calendar.getFirstPropertyValue("method");
    answer.events = calendar.getAllSubcomponents("vevent").map(read);
  } catch (error) {
    answer.errors.push(String(error));
  }
  console.log(JSON.stringify(answer));
}
