import { STATE } from './project.ts'
import { findStack, type StackFile } from './stack-file.ts'

/** The simulator accepts any test key. */
export const SIMULATOR_KEY = 'sk_test_simulator'

/** The stack that runs in the state directory of `env`, if one does. */
export const findStackOf = (env: NodeJS.ProcessEnv): Promise<StackFile | undefined> =>
  findStack(env['PERENNIAL_STATE'] || STATE)

/** The variables with which a command reaches the parts of a running stack. */
export const environmentOfStack = (stack: StackFile): NodeJS.ProcessEnv => ({
  PERENNIAL_ENV: 'development',
  PERENNIAL_CLOCK_FILE: stack.clockFile,
  DATABASE_URL: stack.databaseUrl,
  TEMPORAL_ADDRESS: stack.temporalAddress,
  TEMPORAL_NAMESPACE: stack.temporalNamespace,
  SMTP_URL: stack.smtpUrl,
  ...(stack.simulatorUrl !== undefined && {
    STRIPE_API_KEY: SIMULATOR_KEY,
    STRIPE_API_BASE: stack.simulatorUrl,
  }),
})
