/** A day as a person chooses it, to the instant that a report begins or ends at: the last day is within. */
export function reported(name: string, value: string): string {
  if (name !== "since" && name !== "until") return value;
  const day = new Date(`${value}T00:00:00`);
  if (name === "until") day.setDate(day.getDate() + 1);
  return day.toISOString();
}
