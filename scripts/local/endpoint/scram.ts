import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** The client's side of SCRAM-SHA-256 (RFC 5802 and 7677), as PostgreSQL speaks it: without channel binding. */
export class ScramClient {
  readonly firstMessage: string;
  readonly #firstBare: string;
  readonly #nonce = randomBytes(18).toString("base64");
  #serverSignature: Buffer | undefined;

  constructor(private readonly password: string) {
    // PostgreSQL takes the user from the startup message and ignores the name here.
    this.#firstBare = `n=,r=${this.#nonce}`;
    this.firstMessage = `n,,${this.#firstBare}`;
  }

  /** Answers the server's challenge with the proof that we know the password. */
  async respond(serverFirst: string): Promise<string> {
    const fields = parseFields(serverFirst);
    const [nonce, salt, iterations] = [fields.get("r"), fields.get("s"), Number(fields.get("i"))];
    if (nonce?.startsWith(this.#nonce) !== true || salt === undefined || !(iterations > 0)) {
      throw new Error("The server's SCRAM challenge is malformed.");
    }
    // SASLprep's main part; PostgreSQL prepares the password in the same way when it is set.
    const prepared = this.password.normalize("NFKC");
    const salted = await derive(prepared, Buffer.from(salt, "base64"), iterations, 32, "sha256");
    const finalWithoutProof = `c=biws,r=${nonce}`;
    const authMessage = `${this.#firstBare},${serverFirst},${finalWithoutProof}`;

    const clientKey = hmac(salted, "Client Key");
    const signature = hmac(createHash("sha256").update(clientKey).digest(), authMessage);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    this.#serverSignature = hmac(hmac(salted, "Server Key"), authMessage);
    return `${finalWithoutProof},p=${proof.toString("base64")}`;
  }

  /** Checks that the server knows the password too. */
  verify(serverFinal: string): void {
    const signature = Buffer.from(parseFields(serverFinal).get("v") ?? "", "base64");
    const expected = this.#serverSignature;
    if (
      expected === undefined ||
      signature.length !== expected.length ||
      !timingSafeEqual(signature, expected)
    ) {
      throw new Error("The server's SCRAM signature is wrong.");
    }
  }
}

const derive = promisify(pbkdf2);

function hmac(key: Buffer, message: string): Buffer {
  return createHmac("sha256", key).update(message).digest();
}

function parseFields(message: string): Map<string, string> {
  return new Map(message.split(",").map((field) => [field.slice(0, 1), field.slice(2)]));
}
