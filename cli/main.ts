import { run } from './run.ts'

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  now: () => new Date(),
  stderr: process.stderr,
  print: async (text) => {
    // Waits for a full pipe to drain: a user's export can exceed its buffer.
    if (!process.stdout.write(text))
      await new Promise((resolve) => process.stdout.once('drain', resolve))
  },
  log: (text) => void process.stderr.write(text),
})
// Sets the code without exiting: the stack, the API and the worker keep running and exit themselves.
if (exitCode !== 0) process.exitCode = exitCode
