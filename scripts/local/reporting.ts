/** Says every few seconds that something still goes on, so that nobody has to wonder. */
export async function reporting<T>(
  work: Promise<T>,
  sentence: string,
  report: (message: string) => void,
): Promise<T> {
  const timer = setInterval(() => report(sentence), 3000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
