// What Mozilla's ical.js (Thunderbird's reader) understands of each file: `node icaljs.mjs FOLDER FILE…`,
// where FOLDER holds node_modules/ical.js. Prints one JSON object: file → list of what it was told.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const entry = join(resolve(folder), "node_modules", "ical.js", "dist", "ical.js");
const { default: ICAL } = await import(pathToFileURL(entry));

function read(file) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  ICAL.TimezoneService.reset();
  // The zone as the file describes it, as Thunderbird reads one that it does not know by name.
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone({ component: zone }));
  }
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const instant = (time) => new Date(time.toUnixTime() * 1000).toISOString();
    return [
      event.uid,
      instant(event.startDate),
      instant(event.endDate),
      component.getFirstPropertyValue("status"),
      event.summary ?? "",
      event.location ?? "",
      event.description ?? "",
    ];
  });
}

console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, read(file)]))));
