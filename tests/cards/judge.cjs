// Reads a JSON array of cards on standard input, writes what Microsoft's renderer reports of them as a JSON array.
// Teams' own elements (charts, badges …) are unknown to this renderer: it takes their fallback, and that is judged.
const AC = require(require("path").resolve(process.argv[2]));
const cards = JSON.parse(require("fs").readFileSync(0, "utf8"));
const teams = /^(Chart\.|Badge$|ProgressBar$|Icon$)/;
const withFallbacks = (value) => {
  if (Array.isArray(value)) return value.map(withFallbacks).filter((item) => item !== "drop");
  if (value === null || typeof value !== "object") return value;
  if (teams.test(value.type ?? "")) return withFallbacks(value.fallback);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFallbacks(item)]));
};
const problems = [];
for (const json of cards) {
  const card = new AC.AdaptiveCard();
  const context = new AC.SerializationContext();
  card.parse(withFallbacks(json), context);
  for (let i = 0; i < context.eventCount; i++) problems.push("renderer: " + context.getEventAt(i).message);
  for (const event of card.validateProperties().validationEvents) problems.push("renderer: " + event.message);
}
process.stdout.write(JSON.stringify(problems));
