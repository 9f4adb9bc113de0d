// What plain HTML and htmx cannot do alone. Every page works without this file.
"use strict";

const DRAFT_DAYS = 14;
const person = document.body.dataset.person;
const draftName = (form) => `draft:${person}:${location.pathname}:${form.dataset.keep}`;

// -- unsaved work: a form marked data-keep survives a closed tab, on this device and for this person only.
// data-keep names the version being edited, so that an old draft never hides what another has saved since.

// Secrets and files are never kept; hidden fields (token, version) belong to the page as it was served.
const isKept = (field) => field.name && !["password", "hidden", "file", "submit", "button"].includes(field.type);

function written(form) {
  const ticks = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);
  const chosen = (field) => (field.multiple && field.options ? [...field.selectedOptions].map((o) => o.value) : ticks(field));
  return [...form.elements].filter(isKept).map((field) => [field.name, chosen(field)]);
}

function writeBack(form, answers) {
  [...form.elements].filter(isKept).forEach((field, place) => {
    const [name, value] = answers[place] ?? [];
    if (name !== field.name) return;
    if (Array.isArray(value)) [...field.options].forEach((option) => (option.selected = value.includes(option.value)));
    else if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  });
}

function keep(form) {
  try {
    localStorage.setItem(draftName(form), JSON.stringify({ at: Date.now(), answers: written(form) }));
  } catch {
    // A full or closed store must not stop anyone from writing.
  }
}

function kept(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(draftName(form)));
    const fresh = draft && Date.now() - draft.at < DRAFT_DAYS * 24 * 3600 * 1000;
    return fresh && JSON.stringify(draft.answers) !== JSON.stringify(written(form)) ? draft.answers : null;
  } catch {
    return null;
  }
}

function offerToThrowAway(form) {
  const notice = document.getElementById("kept-notice").content.cloneNode(true);
  notice.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(draftName(form));
    location.reload();
  });
  form.prepend(notice);
}

function bringBack(form) {
  // After a refused save the server has sent back what was typed: that is newer than the draft.
  if (form.querySelector(".ds-error-summary")) return keep(form);
  const answers = kept(form);
  if (!answers) return;
  writeBack(form, answers);
  offerToThrowAway(form);
}

// A draft goes when the page that answers the submit shows no fault. Sign-in and error pages are "plain", and a page
// reached by Back or Reload answers nothing: work sent into an expired session or a broken line is still there.
function forgetSaved() {
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  const [arrival] = performance.getEntriesByType("navigation");
  const isRefused = document.body.matches(".plain") || document.querySelector("form[data-keep] .ds-error-summary");
  if (sent && !isRefused && arrival?.type === "navigate") localStorage.removeItem(sent);
}

function forgetEverything() {
  Object.keys(localStorage).filter((name) => name.startsWith("draft:")).forEach((name) => localStorage.removeItem(name));
}

document.addEventListener("input", ({ target }) => target.form?.matches("[data-keep]") && keep(target.form));
document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-keep]")) sessionStorage.setItem("sent", draftName(target));
  // The next person at a shared machine must not meet this one's words.
  if (target.matches("[data-signout]")) forgetEverything();
});

// -- after htmx has swapped: say what came and put the focus on what went wrong

function announce(within) {
  const news = within.querySelector?.("[data-announce]") ?? (within.matches?.("[data-announce]") && within);
  if (news) document.getElementById("announcer").textContent = news.textContent;
}

const focusErrors = (within) => within.querySelector?.(".ds-error-summary")?.focus();

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  announce(detail.elt);
  focusErrors(detail.elt);
});

document.addEventListener("htmx:responseError", () => sessionStorage.removeItem("sent"));
document.addEventListener("htmx:sendError", () => sessionStorage.removeItem("sent"));

// -- small manners

// A summary does not close itself on Escape or on a click elsewhere, as people expect of a menu.
function closeMenus(except) {
  document.querySelectorAll("details[data-closes][open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });
}
document.addEventListener("click", ({ target }) => closeMenus(target));
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  const menu = target.closest?.("details[data-closes][open]");
  closeMenus(null);
  menu?.querySelector("summary").focus();
});

function dropFiles(zone, event) {
  event.preventDefault();
  delete zone.dataset.over;
  const input = zone.querySelector("input[type=file]");
  if (event.type !== "drop" || !input) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("dragover", (event) => {
  const zone = event.target.closest?.(".drop-zone");
  if (!zone) return;
  event.preventDefault();
  zone.dataset.over = "";
});
["dragleave", "drop"].forEach((name) =>
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.(".drop-zone");
    if (zone) dropFiles(zone, event);
  }),
);

// -- names while someone writes @ in a comment: arrows and Enter choose, Escape closes

const BEGUN = /(?:^|\s)@([\p{L}][\p{L}.' -]{0,50})$/u;
const namesOf = (text) => text.parentElement.querySelector("[data-names]");
const beginning = (text) => BEGUN.exec(text.value.slice(0, text.selectionStart))?.[1];
let asking;

function closeNames(text) {
  namesOf(text).replaceChildren();
  text.removeAttribute("aria-controls");
  text.removeAttribute("aria-activedescendant");
}

async function offerNames(text) {
  const begun = beginning(text);
  if (!begun) return closeNames(text);
  const answer = await fetch(`${text.dataset.mentions}?q=${encodeURIComponent(begun)}`);
  if (!answer.ok || beginning(text) !== begun) return;
  closeNames(text);
  const names = namesOf(text);
  names.append(document.createRange().createContextualFragment(await answer.text()));
  if (!names.querySelector("[role=option]")) return;
  text.setAttribute("aria-controls", "mentions");
  announce(names);
}

function takeName(text, option) {
  const [at, end] = [text.selectionStart - beginning(text).length, text.selectionStart];
  text.setRangeText(`${option.textContent} `, at, end, "end");
  closeNames(text);
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

function pointAt(text, options, place) {
  options.forEach((option, number) => option.setAttribute("aria-selected", number === place));
  text.setAttribute("aria-activedescendant", options[place].id);
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-mentions]")) return;
  clearTimeout(asking);
  asking = setTimeout(offerNames, 200, target);
});
document.addEventListener("keydown", (event) => {
  const text = event.target;
  if (!text.matches?.("[data-mentions]")) return;
  const options = [...namesOf(text).querySelectorAll("[role=option]")];
  if (!options.length) return;
  const place = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const move = { ArrowDown: 1, ArrowUp: place < 0 ? 0 : -1 }[event.key];
  if (move !== undefined) pointAt(text, options, (place + move + options.length) % options.length);
  else if (event.key === "Enter" && place >= 0) takeName(text, options[place]);
  else if (event.key === "Escape") closeNames(text);
  else return;
  event.preventDefault();
});
document.addEventListener("click", ({ target }) => {
  const text = target.closest?.("[data-names] [role=option]")?.closest(".ds-field").querySelector("[data-mentions]");
  if (text) takeName(text, target.closest("[role=option]"));
});

// A time line that is wider than the screen opens where we are, a third of the way in. Its drawing is 988 wide.
for (const line of document.querySelectorAll("[data-today]")) {
  line.scrollLeft = ((Number(line.dataset.today) + 14) / 988) * line.scrollWidth - line.clientWidth / 3;
}

forgetSaved();
document.querySelectorAll("form[data-keep]").forEach(bringBack);
focusErrors(document);
