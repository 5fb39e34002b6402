// The operators' page: what they choose shows at once in the chat in the corner and in the line to copy.

const form = /** @type {HTMLFormElement} */ (document.getElementById("choices"));
const line = /** @type {HTMLElement} */ (document.getElementById("snippet"));
const copy = /** @type {HTMLButtonElement} */ (document.getElementById("copy"));
const policy = /** @type {HTMLElement} */ (document.getElementById("policy"));
const title = copy.textContent;
let asked = 0;

async function show() {
  const choices = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  if (choices.get("color") === /** @type {HTMLInputElement} */ (form.elements.namedItem("color")).defaultValue) {
    choices.delete("color");
  }
  paintChat(choices);
  const turn = ++asked;
  choices.set("base", location.origin);
  const answer = await fetch(`/embed/snippet?${choices}`);
  if (answer.ok && turn === asked) line.textContent = await answer.text();
}

/** @param {URLSearchParams} choices */
function paintChat(choices) {
  let chat = /** @type {Element} */ (document.querySelector("first-aid-chat"));
  if ((chat.getAttribute("language") ?? "") !== choices.get("language")) {
    const fresh = document.createElement("first-aid-chat");
    fresh.setAttribute("language", choices.get("language") ?? "");
    chat.replaceWith(fresh);
    chat = fresh;
  }
  for (const name of ["color", "position", "greeting"]) {
    const value = choices.get(name);
    if (value) chat.setAttribute(name, value);
    else chat.removeAttribute(name);
  }
}

copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(line.textContent ?? "");
  copy.textContent = copy.dataset.done ?? "";
});
form.addEventListener("input", () => {
  copy.textContent = title;
  void show();
});
form.addEventListener("submit", (event) => event.preventDefault());
policy.textContent = `script-src ${location.origin}; connect-src ${location.origin}`;
void show();
