// Beside the check of an embargo in the text: one click takes it out, another also keeps it, by the time of
// publication.
import { makeButton } from "./button.js";

const body = document.getElementById("id_body");

function takeOut(typed) {
  const [before, ...after] = body.value.replaceAll("\r\n", "\n").split(typed);
  body.value = [before.trimEnd(), after.join(typed).trimStart()].filter(Boolean).join("\n\n");
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

function keep({ embargo, ends }) {
  const time = document.getElementById("id_wanted_from");
  const words = document.getElementById("id_embargo");
  time.value = ends;
  words.value = [words.value, embargo].filter(Boolean).join("\n");
  document.getElementById("id_embargo_is_confirmed").checked = true;
  time.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(check) {
  const { embargo, ends, told } = check.dataset;
  const done = (act) => () => {
    act();
    for (const button of buttons) button.remove();
    check.append(" Changed. Save to keep it.");
  };
  const out = makeButton(
    "Take it out of the text",
    done(() => takeOut(embargo)),
  );
  const buttons = [out];
  if (ends)
    buttons.unshift(
      makeButton(
        `Publish at ${told}, and take it out of the text`,
        done(() => {
          keep(check.dataset);
          takeOut(embargo);
        }),
      ),
    );
  for (const button of buttons) check.append(" ", button);
}

for (const check of document.querySelectorAll(".checks li[data-embargo]"))
  if (body?.value.includes(check.dataset.embargo)) offer(check);
