// Microsoft's own renderer as a judge: one card a line in, the list of its complaints a line out.
"use strict";
const readline = require("node:readline");
const AC = require(process.argv[2]);

// What Teams adds to the renderer's own elements, and what each cannot do without.
const OF_TEAMS = {
  "Chart.Donut": "data", "Chart.Pie": "data", "Chart.Line": "data", "Chart.VerticalBar": "data",
  "Chart.VerticalBar.Grouped": "data", "Chart.HorizontalBar": "data", "Chart.HorizontalBar.Stacked": "data",
  "Chart.Gauge": "segments", "Badge": "text", "ProgressBar": "value", "Icon": "name",
};

function teamsElement(type, needs) {
  return class extends AC.CardElement {
    getJsonTypeName() { return type; }
    internalRender() { return undefined; }
    internalParse(source, context) {
      super.internalParse(source, context);
      const given = source[needs];
      if (given === undefined || given === "" || (Array.isArray(given) && given.length === 0)) {
        context.logParseEvent(this, AC.ValidationEvent.InvalidPropertyValue, `${type} needs "${needs}".`);
      }
    }
  };
}

const withTeams = new AC.CardObjectRegistry();
AC.GlobalRegistry.populateWithDefaultElements(withTeams);
for (const [type, needs] of Object.entries(OF_TEAMS)) {
  withTeams.register(type, teamsElement(type, needs));
}

// The card as an old client sees it: everything that has a fallback is replaced by it.
function fallenBack(value) {
  if (Array.isArray(value)) return value.map(fallenBack).filter((item) => item !== undefined);
  if (value === null || typeof value !== "object") return value;
  if (value.fallback !== undefined) return value.fallback === "drop" ? undefined : fallenBack(value.fallback);
  const kept = Object.entries(value).map(([key, item]) => [key, key === "data" ? item : fallenBack(item)]);
  return Object.fromEntries(kept.filter(([, item]) => item !== undefined));
}

function complaints(card, context, seen) {
  // The renderer's pattern for languages is global, and such a pattern goes on where its last search ended.
  AC.AdaptiveCard.langProperty.regEx.lastIndex = 0;
  const parsed = new AC.AdaptiveCard();
  parsed.parse(card, context);
  const found = [];
  for (let i = 0; i < context.eventCount; i++) found.push(context.getEventAt(i));
  found.push(...parsed.validateProperties().validationEvents);
  return found.map((event) => `${seen}: ${event.message}`);
}

function judge(card) {
  const native = new AC.SerializationContext(AC.Versions.latest);
  native.setElementRegistry(withTeams);
  const plain = new AC.SerializationContext(AC.Versions.latest);
  return [...complaints(card, native, "as sent"), ...complaints(fallenBack(card), plain, "fallen back")];
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    answer = judge(JSON.parse(line));
  } catch (error) {
    answer = [`the renderer failed: ${error.message}`];
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
