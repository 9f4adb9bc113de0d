// Takes over from the plain lines of a chapter: one editor, its bar of buttons, and the live blocks in the text.
// The text lives in the form's own field, so saving, keeping unsaved work and being refused are as in any other form.

const place = document.querySelector("[data-editor]");
const form = place.closest("form");
const field = form.elements.html;
const bar = place.querySelector("[role=toolbar]");
const links = place.querySelector("#editor-link");
const inserts = place.querySelector("#editor-insert");
const stage = place.querySelector("[data-text]");
const news = place.querySelector("[data-pictures]");

const tiptap = await import(place.dataset.editor);

const labelOf = (name, key) =>
  [...place.querySelectorAll("li[data-block]")].find((line) => line.dataset.block === name && line.dataset.key === key)
    ?.textContent ?? `${name} ${key}`;

// As it stands: TipTap would make a number of what looks like one.
const kept = (name) => ({ parseHTML: (element) => element.getAttribute(name) });

const Block = tiptap.Node.create({
  // Not "block": that is what the outer parts of a text are called together.
  name: "liveBlock",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ "data-block": kept("data-block"), "data-key": kept("data-key"), label: { default: null, rendered: false } }),
  parseHTML: () => [{ tag: "figure[data-block][data-key]" }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
  addNodeView: () => ({ node }) => {
    const dom = document.createElement("div");
    dom.className = "block";
    dom.textContent = `${stage.dataset.putIn} ${node.attrs.label ?? labelOf(node.attrs["data-block"], node.attrs["data-key"])}`;
    return { dom };
  },
});

// Word and web pages bring styles and headings of every size; the browser would report each style to us as a breach.
function tidied(html) {
  news.textContent = /<(img|v:imagedata)\b/i.test(html) ? news.dataset.pictures : "";
  return html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/\s(style|class|lang|width|height|bgcolor|align|valign)=("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replace(/(<\/?)h[12]\b/gi, "$1h3")
    .replace(/(<\/?)h[56]\b/gi, "$1h4");
}

const editor = new tiptap.Editor({
  element: stage,
  // No style element of its own: kit.css has what it needs.
  injectCSS: false,
  content: field.value,
  extensions: [
    tiptap.Document,
    tiptap.Paragraph,
    tiptap.Text,
    tiptap.HardBreak,
    tiptap.Heading.configure({ levels: [3, 4] }),
    tiptap.Bold,
    tiptap.Italic,
    tiptap.BulletList,
    tiptap.OrderedList,
    tiptap.ListItem,
    tiptap.Blockquote,
    tiptap.Link.configure({ openOnClick: false, enableTarget: false, protocols: ["http", "https", "mailto", "tel"] }),
    tiptap.Table.configure({ resizable: false }),
    tiptap.TableRow,
    tiptap.TableHeader,
    tiptap.TableCell,
    tiptap.History,
    tiptap.Gapcursor,
    Block,
  ],
  editorProps: {
    attributes: {
      id: "editor-text",
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": "editor-label",
      class: "prose",
    },
    transformPastedHTML: tidied,
  },
  onUpdate: write,
  onTransaction: showState,
});

function write() {
  field.value = editor.isEmpty ? "" : editor.getHTML();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// -- the bar

const chain = () => editor.chain().focus();
const DEEDS = {
  heading: () => chain().toggleHeading({ level: 3 }).run(),
  subheading: () => chain().toggleHeading({ level: 4 }).run(),
  bold: () => chain().toggleBold().run(),
  italic: () => chain().toggleItalic().run(),
  bullets: () => chain().toggleBulletList().run(),
  numbers: () => chain().toggleOrderedList().run(),
  quote: () => chain().toggleBlockquote().run(),
  table: () => chain().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
  row: () => chain().addRowAfter().run(),
  column: () => chain().addColumnAfter().run(),
  headrow: () => chain().toggleHeaderRow().run(),
  lessrow: () => chain().deleteRow().run(),
  lesscolumn: () => chain().deleteColumn().run(),
  notable: () => chain().deleteTable().run(),
  undo: () => chain().undo().run(),
  redo: () => chain().redo().run(),
  link: () => unfold(links, "link"),
  insert: () => unfold(inserts, "insert") && find(),
  setlink: setLink,
  unlink: () => chain().extendMarkRange("link").unsetLink().run(),
  find,
};
const PRESSED = {
  heading: () => editor.isActive("heading", { level: 3 }),
  subheading: () => editor.isActive("heading", { level: 4 }),
  bold: () => editor.isActive("bold"),
  italic: () => editor.isActive("italic"),
  bullets: () => editor.isActive("bulletList"),
  numbers: () => editor.isActive("orderedList"),
  quote: () => editor.isActive("blockquote"),
};

const button = (name) => bar.querySelector(`[data-do=${name}]`);

function showState() {
  if (!editor) return;
  Object.entries(PRESSED).forEach(([name, is]) => button(name).setAttribute("aria-pressed", is()));
  const inTable = editor.isActive("table");
  bar.querySelectorAll("[data-in-table]").forEach((each) => (each.hidden = !inTable));
  button("table").hidden = inTable;
}

// Shows or hides what a button opens, and says which.
function unfold(part, name) {
  part.hidden = !part.hidden;
  button(name).setAttribute("aria-expanded", !part.hidden);
  if (part.hidden) return false;
  if (part === links) part.querySelector("input").value = editor.getAttributes("link").href ?? "";
  part.querySelector("input").focus();
  return true;
}

function fold(part, name) {
  part.hidden = true;
  button(name).setAttribute("aria-expanded", "false");
  editor.commands.focus();
}

function setLink() {
  const typed = links.querySelector("input").value.trim();
  if (!typed) return;
  const href = /^(https?:|mailto:|tel:|\/|#)/i.test(typed) ? typed : `https://${typed}`;
  const put = editor.state.selection.empty && !editor.isActive("link")
    ? chain().insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] })
    : chain().extendMarkRange("link").setLink({ href });
  put.run();
  fold(links, "link");
}

async function find() {
  const asked = new URLSearchParams({
    vis: "liste",
    slag: inserts.querySelector("select").value,
    q: inserts.querySelector("input").value,
  });
  const answer = await fetch(`${inserts.dataset.choices}?${asked}`);
  if (answer.ok) inserts.querySelector("[data-found]").innerHTML = await answer.text();
}

function putIn({ block, key, label }) {
  const put = { type: "liveBlock", attrs: { "data-block": block, "data-key": key, label } };
  // With a paragraph after it, so that whoever goes on writing does not write over it.
  chain().insertContent([put, { type: "paragraph" }]).run();
  fold(inserts, "insert");
}

place.addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  if (pressed?.dataset.do) DEEDS[pressed.dataset.do]();
  if (pressed?.dataset.block) putIn(pressed.dataset);
});

// Enter in a small field does what its button does; it never sends the chapter.
place.addEventListener("keydown", (event) => {
  const within = event.target.closest(".editor-more");
  if (!within) return;
  if (event.key === "Escape") fold(within, within === links ? "link" : "insert");
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  within === links ? setLink() : find();
});
inserts?.querySelector("select").addEventListener("change", find);

// One stop for Tab; arrows go from button to button.
const shown = () => [...bar.querySelectorAll("button:not([hidden])")];
function giveStop(to) {
  bar.querySelectorAll("button").forEach((each) => (each.tabIndex = each === to ? 0 : -1));
}
bar.addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const all = shown();
  const at = all.indexOf(event.target);
  const ends = { Home: 0, End: all.length - 1 };
  if (!(event.key in steps) && !(event.key in ends)) return;
  event.preventDefault();
  const to = all[ends[event.key] ?? (at + steps[event.key] + all.length) % all.length];
  giveStop(to);
  to.focus();
});
bar.addEventListener("focusin", ({ target }) => giveStop(target));

// -- taking over

field.disabled = false;
form.elements.marks.disabled = true;
form.querySelectorAll("[data-plain]").forEach((each) => (each.hidden = true));
place.hidden = false;
giveStop(bar.querySelector("button"));
showState();
