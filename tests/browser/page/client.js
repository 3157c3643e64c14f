// A Teams conversation with one bot. What is pressed or written goes to `window.deliver(activity)`, which the test gives;
// what the bot sends comes through `client.receive`, `client.update`.
import markdown from "/markdown-it/dist/browser/markdown-it.esm.min.mjs";

const AC = window.AdaptiveCards;
const converter = markdown({ html: false, breaks: true });
AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = converter.render(text);
  result.didProcess = true;
};

const conversation = document.getElementById("conversation");
const shown = new Map();
const drawn = new Map();
const client = { touches: 0, fields: new Set(), opened: [], pending: 0, hostConfig: {} };
window.client = client;

client.start = async (theme) => {
  const answer = await fetch(`/adaptivecards-designer/lib/hostConfigs/microsoft-teams-${theme}.json`);
  client.hostConfig = await answer.json();
  // Segoe UI is not free; these are nearest to it in width.
  client.hostConfig.fontTypes.default.fontFamily = "'Segoe UI', 'Open Sans', 'Liberation Sans', Arial, sans-serif";
  document.body.classList.toggle("dark", theme === "dark");
  document.getElementById("teams").href = `/adaptivecards-designer/dist/containers/teams-container-${theme}.css`;
};

function render(card, id) {
  const frame = document.createElement("div");
  frame.className = "teams-card";
  const adaptive = new AC.AdaptiveCard();
  adaptive.hostConfig = new AC.HostConfig(client.hostConfig);
  adaptive.onExecuteAction = (action) => press(action, id);
  adaptive.parse(card);
  frame.append(adaptive.render());
  return frame;
}

function fill(place, activity, id) {
  place.replaceChildren();
  drawn.set(id, activity);
  if (activity.text) {
    const text = document.createElement("div");
    text.className = "text";
    text.innerHTML = converter.render(activity.text);
    place.append(text);
  }
  for (const attachment of activity.attachments ?? []) place.append(render(attachment.content, id));
}

client.receive = (activity) => {
  const place = document.createElement("article");
  place.className = "message";
  place.dataset.id = activity.id;
  fill(place, activity, activity.id);
  conversation.append(place);
  shown.set(activity.id, place);
  place.scrollIntoView({ block: "start" });
};

client.update = (activity) => {
  const place = shown.get(activity.id);
  if (place) fill(place, activity, activity.id);
  else client.receive(activity);
};

function note(id, text, isError) {
  const place = shown.get(id);
  place.querySelector(".answer")?.remove();
  const line = document.createElement("div");
  line.className = isError ? "answer error" : "answer";
  line.textContent = text;
  place.append(line);
}

function answered(id, answer) {
  if (!answer || !id) return;
  if (answer.type === "application/vnd.microsoft.card.adaptive") {
    client.update({ id, attachments: [{ content: answer.value }] });
    shown.get(id).scrollIntoView({ block: "start" });
  } else if (answer.type === "application/vnd.microsoft.activity.message") {
    // Microsoft's client draws the card anew, as it came: what was typed in it is gone.
    if (shown.has(id)) fill(shown.get(id), drawn.get(id), id);
    note(id, answer.value, false);
  } else if (answer.type === "application/vnd.microsoft.error") {
    note(id, answer.value?.message ?? "", true);
  }
}

async function deliver(activity) {
  client.pending += 1;
  try {
    answered(activity.replyToId, await window.deliver(activity));
  } finally {
    client.pending -= 1;
  }
}

async function press(action, id) {
  const type = action.getJsonTypeName();
  if (type === "Action.OpenUrl") {
    client.opened.push(action.url);
  } else if (type === "Action.Execute") {
    const pressed = { type, id: action.id, title: action.title, verb: action.verb, data: action.data ?? {} };
    const value = { action: pressed, trigger: "manual" };
    await deliver({ type: "invoke", name: "adaptiveCard/action", replyToId: id, value });
  } else if (type === "Action.Submit") {
    await deliver({ type: "message", replyToId: id, value: action.data ?? {} });
  }
}

document.getElementById("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const box = document.getElementById("text");
  const text = box.value.trim();
  if (!text) return;
  const mine = document.createElement("article");
  mine.className = "message mine";
  mine.textContent = text;
  conversation.append(mine);
  box.value = "";
  await deliver({ type: "message", text, textFormat: "plain" });
});

// Touches as a thumb would make them: each press is one, a drop-down is two (open it, choose), typing is counted apart.
const isText = (node) => node.matches("textarea, input:not([type=radio]):not([type=checkbox]):not([type=button])");
let touched = null;
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("select")) return;
  client.touches += 1;
  touched = event.target;
}, true);
document.addEventListener("change", (event) => {
  if (event.target.matches("select")) client.touches += 2;
}, true);
document.addEventListener("input", (event) => {
  if (!isText(event.target)) return;
  if (event.target !== touched) client.touches += 1;
  touched = event.target;
  client.fields.add(event.target);
}, true);

await client.start("light");
client.ready = true;
