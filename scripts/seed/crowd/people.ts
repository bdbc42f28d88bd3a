import type { Random } from "../random";
import type { Clock } from "./clock";
import { created, sqlTime, type History } from "./history";
import { idAt } from "./ids";
import type { Sink } from "./sink";
import { words, type Vocabulary } from "./words";

export const HEAVY_EMAIL = "heavy@cairn.example";
/** The person with this number, from 1 on. */
export const personEmail = (number: number): string => `person-${number}@cairn.example`;

/** Zones on both sides of Greenwich, with and without summer time; see Clock for how far west they may lie. */
const TIME_ZONES = [
  "Europe/Berlin",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Sao_Paulo",
  "Asia/Kolkata",
  "Asia/Tokyo",
  "UTC",
] as const;
const FIRST_NAMES = words(
  "Ada Amir Anna Ben Chloé Daniel Elif Emma Felix Grace Hana Ines Ivan Jonas Kofi Lea Liam Maya Mia Noah Olga Priya Rosa Sam Tomás Uma Vera Wei Yara Zoë",
);
const SURNAMES = words(
  "Abe Berg Costa Diaz Evans Fischer Garcia Haas Ito Jansen Kaya Lopez Meyer Novak Okafor Park Quinn Rossi Santos Tanaka Urban Vogel Weber Xu Young Ziegler",
);
/** A session ends after these days at the latest, and its person signs in anew. */
const SESSION_DAYS = 30;
const HEAVY_TAGS = 120;
const TEAM_TAGS = 20;
/** One team of about eight for so many people. */
const PEOPLE_PER_TEAM = 80;

/** An organization that a person writes todos in, from a day on. */
export type Place = { organizationId: string; tags: { id: string; name: string }[]; since: number };

export type CrowdPerson = {
  number: number;
  userId: string;
  timeZone: string;
  /** The day after they signed up. */
  since: number;
  project: string;
  home: Place;
  teams: Place[];
  /** The sessions so far, by how many times 30 days the history is old. */
  sessions: Map<number, string>;
};

export type World = {
  random: Random;
  clock: Clock;
  sink: Sink;
  history: History;
  vocabulary: Vocabulary;
  passwordHash: string;
  /** The day up to which the history is made. */
  day: number;
};

/**
 * Makes a person: account, personal organization, tags. Number 0 is the heavy one, who was there first; the others
 * came over the first part of the history, in the order of their numbers.
 */
export function makePerson(world: World, number: number, people: number): CrowdPerson {
  const { random, clock, sink, history, vocabulary, passwordHash } = world;
  const day = number === 0 ? 0 : Math.floor(((clock.last * 0.7) / people) * (number - 1));
  const timeZone = number === 0 ? TIME_ZONES[0] : random.pick(TIME_ZONES);
  const at = clock.instant(timeZone, day, random.next() * 0.9);
  const name = `${random.pick(FIRST_NAMES)} ${random.pick(SURNAMES)}`;
  const email = number === 0 ? HEAVY_EMAIL : personEmail(number);
  const preferences = { timeZone };
  const [userId, organizationId, membershipId] = [idAt(random, at), idAt(random, at), idAt(random, at)];
  const times = [sqlTime(at), sqlTime(at)] as const;
  sink.add("users", [userId, ...times, email, name, passwordHash, JSON.stringify(preferences)]);
  sink.add("organizations", [organizationId, ...times, name, userId]);
  sink.add("memberships", [membershipId, ...times, organizationId, userId, "owner"]);

  const person: CrowdPerson = {
    number,
    userId,
    timeZone,
    since: day + 1,
    project: vocabulary.project(number),
    home: { organizationId, tags: [], since: day + 1 },
    teams: [],
    sessions: new Map(),
  };
  const sessionId = idAt(random, at);
  const command = { at, userId, commandId: idAt(random, at), sessionId, action: "create" };
  const user = { id: userId, email, name, status: "active", bio: "", preferences };
  history.add({
    ...command,
    organizationId: null,
    entity: "user",
    entityId: userId,
    changes: { ...created(user), password: ["(hidden)", "(hidden)"] },
  });
  history.add({
    ...command,
    organizationId,
    entity: "organization",
    entityId: organizationId,
    changes: created({ id: organizationId, name, personal_user_id: userId }),
  });
  addMembership(world, command, { id: membershipId, organizationId, userId, role: "owner" });
  signIn(world, person, { sessionId, at });
  const tags = number === 0 ? HEAVY_TAGS : random.int(12, 40);
  person.home.tags = makeTags(world, { person, organizationId, at, count: tags });
  return person;
}

/** Makes a few organizations of several people, who have different roles there, over the first part of the history. */
export function makeTeams(world: World, people: CrowdPerson[]): void {
  const { random, clock, sink, history, vocabulary } = world;
  const teams = Math.max(1, Math.round(people.length / PEOPLE_PER_TEAM));
  for (let team = 0; team < teams; team += 1) {
    const members = pickMembers(random, people, team);
    const day = Math.max(...members.map((member) => member.since));
    const [owner] = members;
    if (owner === undefined) continue;
    const at = clock.instant(owner.timeZone, day, 0.5);
    const organizationId = idAt(random, at);
    const name = `Team ${vocabulary.project(team)}${team < 12 ? "" : ` ${team + 1}`}`;
    sink.add("organizations", [organizationId, sqlTime(at), sqlTime(at), name, null]);
    const command = {
      at,
      userId: owner.userId,
      commandId: idAt(random, at),
      sessionId: sessionOf(world, owner, at),
      action: "create",
    };
    const changes = created({ id: organizationId, name });
    history.add({ ...command, organizationId, entity: "organization", entityId: organizationId, changes });
    const roles = ["owner", "admin", "member", "viewer"];
    for (const [index, member] of members.entries()) {
      const role = roles[index] ?? "member";
      const id = idAt(random, at);
      sink.add("memberships", [id, sqlTime(at), sqlTime(at), organizationId, member.userId, role]);
      addMembership(world, command, { id, organizationId, userId: member.userId, role });
    }
    const tags = makeTags(world, { person: owner, organizationId, at, count: TEAM_TAGS });
    for (const [index, member] of members.entries()) {
      if (roles[index] !== "viewer") member.teams.push({ organizationId, tags, since: day + 1 });
    }
  }
}

/** The heavy person owns the first team; nobody is in one twice. */
function pickMembers(random: Random, people: CrowdPerson[], team: number): CrowdPerson[] {
  const size = Math.min(random.int(6, 10), people.length);
  const members = new Set<CrowdPerson>(team === 0 ? people.slice(0, 1) : []);
  while (members.size < size) members.add(random.pick(people as [CrowdPerson]));
  return [...members];
}

/** The session in which a person does something; before the first thing in thirty days they sign in. */
export function sessionOf(world: World, person: CrowdPerson, at: number): string {
  const { random, clock, day } = world;
  const period = periodOf(world, at);
  const known = person.sessions.get(period);
  if (known !== undefined) return known;
  // What is made later may have happened earlier, but not before this morning.
  const early = clock.instant(person.timeZone, Math.max(period * SESSION_DAYS, person.since, day), -0.03);
  const morning = Math.min(early, at - 1000);
  const sessionId = idAt(random, morning);
  signIn(world, person, { sessionId, at: morning }, period);
  return sessionId;
}

function signIn(
  world: World,
  person: CrowdPerson,
  { sessionId, at }: { sessionId: string; at: number },
  period = periodOf(world, at),
): void {
  person.sessions.set(period, sessionId);
  world.history.add({
    at,
    organizationId: null,
    userId: person.userId,
    sessionId,
    commandId: idAt(world.random, at),
    entity: "session",
    entityId: sessionId,
    action: "sign_in",
    changes: created({ id: sessionId, user_id: person.userId }),
  });
}

const periodOf = ({ clock }: World, at: number): number => Math.floor(clock.dayOf(at) / SESSION_DAYS);

type Command = { at: number; userId: string; commandId: string; sessionId: string; action: string };

function addMembership(
  { history }: World,
  command: Command,
  { id, organizationId, userId, role }: { id: string; organizationId: string; userId: string; role: string },
): void {
  const changes = created({ id, organization_id: organizationId, user_id: userId, role });
  history.add({ ...command, organizationId, entity: "membership", entityId: id, changes });
}

function makeTags(
  world: World,
  {
    person,
    organizationId,
    at,
    count,
  }: { person: CrowdPerson; organizationId: string; at: number; count: number },
): Place["tags"] {
  const { random, sink, history, vocabulary } = world;
  return vocabulary.tags(count).map(({ name, colour }, index) => {
    const tagAt = at + (index + 1) * 20_000;
    const id = idAt(random, tagAt);
    sink.add("tags", [id, sqlTime(tagAt), sqlTime(tagAt), organizationId, name, colour]);
    history.add({
      at: tagAt,
      organizationId,
      userId: person.userId,
      sessionId: sessionOf(world, person, tagAt),
      commandId: idAt(random, tagAt),
      entity: "tag",
      entityId: id,
      action: "create",
      changes: created({ id, organization_id: organizationId, name, colour }),
    });
    return { id, name };
  });
}
