import { join } from 'node:path'
import { NativeConnection, Worker } from '@temporalio/worker'
import * as activities from './bare-activities.ts'

/** The bare workflow's worker, in a separate process like ours. */
const connection = await NativeConnection.connect({
  address: process.env['TEMPORAL_ADDRESS'] ?? '',
})
const worker = await Worker.create({
  connection,
  taskQueue: process.env['TEMPORAL_TASK_QUEUE'] ?? '',
  workflowsPath: join(import.meta.dirname, 'bare-workflow.ts'),
  activities,
})
const ended = worker.run()
console.log('ready')
await ended
