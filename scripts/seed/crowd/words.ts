import { TITLE_MAX } from "../../../lib/db/limits";
import type { Random } from "../random";

/** What todos of the crowd begin with. */
const VERBS = words(
  "Call Buy Send Book Review Prepare Pay Fix Write Check Order Plan Clean Renew Return Update Read Ask Finish Repair Collect Draft Discuss Print Test Replace Sort Cancel Compare Measure",
);

/** Words that stand in titles and descriptions, the common ones first; accents and all, as people type them. */
const COMMON = words(
  `meeting report invoice dentist email family garden kitchen project customer school contract ticket budget weekend
   birthday present doctor window laundry bicycle train hotel slides team agenda café passport letter insurance tax
   photos phone laptop printer backup website newsletter workshop interview handbook roadmap release feature bug review
   quarterly weekly monthly yearly urgent small large old new green blue red wooden broken spare second third final
   bread milk eggs coffee tea flour rice onions tomatoes apples cheese wine chocolate soap towels candles paint screws
   hammer ladder drill lamp shelf curtain carpet sofa mattress freezer oven dishwasher heating gutter roof fence gate
   hedge lawn tulips roses compost seeds allotment greenhouse shed neighbour landlord plumber electrician accountant
   lawyer teacher librarian pharmacist mechanic architect designer editor publisher translator choir orchestra concert
   rehearsal ticketing museum gallery theatre cinema library swimming running climbing yoga football tennis chess guitar
   piano violin Portuguese Spanish Japanese grammar vocabulary lesson course exam certificate application reference
   résumé salary pension savings mortgage rent deposit receipt refund warranty subscription membership licence permit
   visa ferry flight luggage suitcase tent compass map itinerary Málaga Zürich Kraków Lisbon Ghent Porto Oslo Kyoto
   grandmother uncle cousin nephew Zoë Maya Jonas Elif Tomás Ines Chloé Björn vaccination prescription bloodtest
   physiotherapy glasses crèche homework presentation spreadsheet database migration server certificate password
   firewall keyboard monitor headset calendar reminder invitation questionnaire survey feedback retrospective estimate
   proposal tender offer quote delivery shipment warehouse inventory catalogue brochure poster logo banner domain`,
);

const SYLLABLES = words(
  "ba be bo da do fa fe ga go ha ka ke ko la le lo ma me mo na ne no pa pe ra re ro sa se so ta te to va ve wa ya zo li mi ni ri ti vi ju lu mu nu ru tu",
);
const ENDINGS = words("n r l s x nd rk st lm th ck");
/** The tail of the vocabulary: names and codes that hardly anyone writes twice. */
const RARE_WORDS = 12_000;
const RARE_SHARE = 0.15;

/** Each person works on one thing above all, which therefore stands in every title of theirs. */
const PROJECTS = words(
  "Atlas Beacon Cedar Delta Ember Falcon Granite Harbour Indigo Juniper Kestrel Lantern",
);

const TAGS = words(
  `work home errands health family money garden travel reading choir learning someday waiting calls computer office
   meeting ideas urgent kids school car house shopping recipes sport music films books friends gifts holidays taxes
   insurance repairs cleaning paperwork writing research design code releases bugs support sales hiring finance legal
   marketing customers suppliers training volunteering pets plants bikes photos archive`,
);
const COLOURS = words("#3b6ea5 #8a5a44 #b7791f #2f855a #b83280 #4a5568 #5f8d3c #2c7a7b #805ad5 #c05621");

/** The person with the largest share writes this into every title. */
export const EVERY_ROW_WORD = "Atlas";

export type Vocabulary = ReturnType<typeof createVocabulary>;

/**
 * The words of a crowd. How often one occurs goes down with its rank (Zipf): a few are everywhere, thousands are rare,
 * and one per person stands in every title.
 */
export function createVocabulary(random: Random) {
  const rare = rareWords(random);
  const byRank = (list: readonly [string, ...string[]]) =>
    list[Math.floor(Math.exp(random.next() * Math.log(list.length + 1))) - 1] ?? list[0];
  const word = () => byRank(random.chance(RARE_SHARE) ? rare : COMMON);
  const phrase = (count: number) => Array.from({ length: count }, word).join(" ");

  function sentence(): string {
    const text = phrase(random.int(4, 12));
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  }

  return {
    /** The word in every title of the person with this number; the first one's is EVERY_ROW_WORD. */
    project: (person: number) => PROJECTS[person % PROJECTS.length] ?? EVERY_ROW_WORD,
    title: (project: string) =>
      `${random.pick(VERBS)} ${phrase(random.int(1, 4))} · ${project}`.slice(0, TITLE_MAX),
    /** A sentence or three; now and then pages of notes. */
    description() {
      const sentences = random.chance(0.02) ? random.int(20, 80) : random.int(1, 3);
      return Array.from({ length: sentences }, sentence).join(" ");
    },
    /** So many different tags; from the second round on they are numbered. */
    tags: (count: number) =>
      Array.from({ length: count }, (_, index) => {
        const round = Math.floor(index / TAGS.length);
        const name = TAGS[index % TAGS.length] ?? "tag";
        return { name: round === 0 ? name : `${name} ${round + 1}`, colour: random.pick(COLOURS) };
      }),
  };
}

function rareWords(random: Random): [string, ...string[]] {
  const found = new Set<string>();
  while (found.size < RARE_WORDS) {
    const syllables = Array.from({ length: random.int(2, 4) }, () => random.pick(SYLLABLES)).join("");
    found.add(syllables + random.pick(ENDINGS));
  }
  return [...found] as [string, ...string[]]; // RARE_WORDS of them.
}

/** The words of a text. */
export function words(text: string): [string, ...string[]] {
  return text.split(/\s+/) as [string, ...string[]]; // Splitting gives one part at least.
}
