import { TestWorkflowEnvironment } from '@temporalio/testing'

/**
 * Downloads the Temporal CLI into the directory given as argument. The SDK has no call that only downloads,
 * so a server is started from the download and stopped again.
 */
const [downloadDir] = process.argv.slice(2)
if (downloadDir === undefined) throw new Error('usage: cli-from-sdk-main.ts DIRECTORY')
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir } },
})
await environment.teardown()
