import { whenLauncherEnds } from '../../dev/launcher.ts'

/** Run by `launcher.test.ts`: reports when its launcher has ended, and runs until then. */
const alive = setInterval(() => undefined, 1_000)
whenLauncherEnds({ npm_lifecycle_event: 'start' }, () => {
  process.stdout.write('launcher ended\n')
  clearInterval(alive)
})
process.stdout.write('ready\n')
