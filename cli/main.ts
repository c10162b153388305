import { run } from './run.ts'

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  now: () => new Date(),
  stderr: process.stderr,
  print: async (text) => {
    // A pipe that is full is waited for: a user's export can be longer than what fits.
    if (!process.stdout.write(text))
      await new Promise((resolve) => process.stdout.once('drain', resolve))
  },
  tell: (text) => void process.stderr.write(text),
})
// The stack, the API and the worker go on, and say themselves how they end.
if (exitCode !== 0) process.exitCode = exitCode
