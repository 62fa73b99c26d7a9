// A time is also told as a sentence, and the usual ones are one click away.
import { makeButton } from "./button.js";
import { instantIn, nameInstant } from "./instants.js";

const USUAL = ["09:00", "13:00", "17:00"];

// The button that sends a time names it.
function nameOnButton(input) {
  for (const words of document.querySelectorAll(`[data-instant="${input.id}"]`))
    words.textContent = nameInstant(input.value) || "the time above";
  for (const named of document.querySelectorAll(`[data-names="${input.id}"]`)) named.value = input.value;
}

// The date on the page beside the day of publication, which is today until another time is chosen.
function compareDays(input, zone) {
  const day = (input.value || instantIn(zone)).split("T")[0];
  for (const told of document.querySelectorAll(`[data-page-day][data-of="${input.id}"]`))
    told.classList.toggle("agrees", told.dataset.pageDay.split(" ").includes(day));
}

// A usual time of the day that was chosen, or else of the next day on which it lies ahead.
function nextAt(clock, day, zone) {
  const now = instantIn(zone);
  const [today] = now.split("T");
  if (day && `${day}T${clock}` > now) return `${day}T${clock}`;
  if (`${today}T${clock}` > now) return `${today}T${clock}`;
  const tomorrow = new Date(`${today}T00:00Z`);
  tomorrow.setUTCDate(tomorrow.getUTCDate() + 1);
  return `${tomorrow.toISOString().slice(0, 10)}T${clock}`;
}

function tell(input) {
  const zone = input.dataset.sentence;
  const words = document.createElement("p");
  words.className = "time-sentence";
  words.setAttribute("role", "status");
  const say = () => {
    const named = nameInstant(input.value);
    words.textContent = named && `${named} (${zone})`;
    nameOnButton(input);
    compareDays(input, zone);
  };
  input.addEventListener("input", say);
  const quick = document.createElement("p");
  for (const clock of USUAL) {
    const choose = () => {
      input.value = nextAt(clock, input.value.split("T")[0], zone);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    quick.append(makeButton(clock, choose), " ");
  }
  input.after(quick, words);
  say();
}

// Django copies its empty row for each new one, so what stands in that is left as it is.
for (const input of document.querySelectorAll("input[data-sentence]"))
  if (!input.closest(".empty-form")) tell(input);
document.addEventListener("formset:added", (event) => {
  for (const input of event.target.querySelectorAll("input[data-sentence]")) tell(input);
});
