// A time is also told as a sentence, and the usual ones are one click away.
import { makeButton } from "./button.js";

const USUAL = ["09:00", "13:00", "17:00"];
const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

function sentenceOf(value, zone) {
  const [day, clock] = value.split("T");
  if (!clock) return "";
  const [year, month, date] = day.split("-").map(Number);
  const named = new Date(Date.UTC(year, month - 1, date)).toLocaleDateString("en-GB", LONG).replace(",", "");
  return `${named}, ${clock} (${zone})`;
}

for (const input of document.querySelectorAll("input[data-sentence]")) {
  const zone = input.dataset.sentence;
  const words = document.createElement("p");
  words.className = "time-sentence";
  words.setAttribute("role", "status");
  const say = () => {
    words.textContent = sentenceOf(input.value, zone);
  };
  input.addEventListener("input", say);
  const quick = document.createElement("p");
  for (const clock of USUAL) {
    const choose = () => {
      // Today there, not where this browser is.
      const today = new Date().toLocaleDateString("sv-SE", { timeZone: zone });
      input.value = `${input.value.split("T")[0] || today}T${clock}`;
      say();
    };
    quick.append(makeButton(clock, choose), " ");
  }
  input.after(quick, words);
  say();
}
