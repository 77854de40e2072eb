"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const table = document.getElementById("repos");
const body = table.tBodies[0];
const rows = [...body.rows];
const find = document.getElementById("find");
const pick = document.getElementById("pick");
const shown = document.getElementById("shown");
const words = rows.map((row) => row.textContent.toLowerCase());

function make(name, text, ...inside) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  node.append(...inside);
  return node;
}

function said(places) {
  return places.map((place) => data.texts[place]);
}

function list(items) {
  return make("ul", "", ...items);
}

function fileOf(file) {
  const [path, status, more] = said([file.path, file.status, file.said]);
  const head = make("p", "", make("code", path), make("span", " " + status + (more ? ": " + more : "")));
  const changes = file.changes.map(([line, id, message, assumed]) => {
    const item = make("li", "line " + line + ", ", make("code", data.texts[id]), ": " + data.texts[message]);
    for (const text of said(assumed)) item.append(make("small", "assumes: " + text));
    return item;
  });
  const refusals = file.refusals.map(([line, id, reason]) =>
    make("li", "line " + line + ", ", make("code", data.texts[id]), " not made: " + data.texts[reason]));
  const part = make("div", "", head);
  if (changes.length) part.append(list(changes));
  if (refusals.length) {
    const fold = make("details", "", make("summary", refusals.length + " not made"), list(refusals));
    fold.open = changes.length === 0;
    part.append(fold);
  }
  return part;
}

function unfold(row) {
  const next = row.nextElementSibling;
  const button = row.querySelector("button");
  if (next && next.className === "more") {
    next.remove();
    button.setAttribute("aria-expanded", "false");
    return;
  }
  const repo = data.repos[rows.indexOf(row)];
  const cell = make("td");
  cell.colSpan = row.cells.length;
  const facts = make("dl");
  for (const [name, value] of repo.facts) facts.append(make("dt", data.texts[name]), make("dd", data.texts[value]));
  cell.append(facts);
  for (const note of said(repo.notes)) cell.append(Object.assign(make("p", note), { className: "bad" }));
  cell.append(...repo.files.map(fileOf));
  if (repo.more) cell.append(make("p", "and " + repo.more + " more files: see results.jsonl"));
  const more = make("tr", "", cell);
  more.className = "more";
  row.after(more);
  button.setAttribute("aria-expanded", "true");
}

function fold() {
  for (const more of body.querySelectorAll("tr.more")) more.remove();
  for (const button of body.querySelectorAll("button[aria-expanded=true]")) button.setAttribute("aria-expanded", "false");
}

function filter() {
  fold();
  const text = find.value.trim().toLowerCase();
  let count = 0;
  rows.forEach((row, at) => {
    const fits = (!pick.value || row.dataset.status === pick.value) && words[at].includes(text);
    row.hidden = !fits;
    count += fits;
  });
  shown.textContent = count + " of " + rows.length;
}

function sort(head) {
  fold();
  const at = head.cellIndex;
  const down = head.getAttribute("aria-sort") !== "descending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const sign = down ? -1 : 1;
  const keys = new Map(rows.map((row) => [row, row.cells[at].dataset.sort ?? row.cells[at].textContent.trim()]));
  const numbers = head.className === "n";
  body.append(...[...rows].sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
    return sign * (numbers ? x - y : x < y ? -1 : x > y ? 1 : 0);
  }));
}

body.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) unfold(button.closest("tr"));
});
for (const head of table.tHead.rows[0].cells) {
  head.querySelector("button")?.addEventListener("click", () => sort(head));
}
find.addEventListener("input", filter);
pick.addEventListener("change", filter);
function follow() {
  if (!location.hash.startsWith("#repo=")) return;
  find.value = decodeURIComponent(location.hash.slice(6));
  pick.value = "";
  filter();
  const row = rows.find((one) => one.cells[0].textContent === find.value);
  if (row) unfold(row);
  (row ?? table).scrollIntoView();
}

addEventListener("hashchange", follow);
document.documentElement.classList.add("live");
sort(table.tHead.rows[0].cells[2]);
filter();
follow();
