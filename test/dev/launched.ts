import { whenLauncherEnds } from '../../dev/launcher.ts'

/** Run by `launcher.test.ts`: says when whoever launched it is gone, and lives for as long as that takes. */
const alive = setInterval(() => undefined, 1_000)
whenLauncherEnds({ npm_lifecycle_event: 'start' }, () => {
  process.stdout.write('launcher ended\n')
  clearInterval(alive)
})
process.stdout.write('ready\n')
