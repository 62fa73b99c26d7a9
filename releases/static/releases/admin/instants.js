// Days and times of the newsroom's zone, wherever this browser is, in the words that the server uses too.
const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

// "2033-01-14T09:00" as "Friday 14 January 2033, 09:00"; "" where the time is missing.
export function nameInstant(value) {
  const [day, clock] = value.split("T");
  if (!clock) return "";
  const [year, month, date] = day.split("-").map(Number);
  const named = new Date(Date.UTC(year, month - 1, date)).toLocaleDateString("en-GB", LONG).replace(",", "");
  return `${named}, ${clock}`;
}

// An instant as the day and time that it is there.
export const instantIn = (zone, at = new Date()) =>
  at.toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T").slice(0, 16);
