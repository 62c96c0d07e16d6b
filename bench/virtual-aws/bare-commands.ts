import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { commandClasses } from './clients.ts'

/** Commands of the document client each make one of these. */
const innerClasses: readonly object[] = [
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
]

/** Stands in for the SDK's base class of all commands, whose constructor does nothing but make the stack. */
class Bare {}

/**
 * Has this thread make the SDK's commands without their middleware: a stack of a dozen closures that each command makes
 * for itself, that a real client runs, and that the virtual AWS never asks for. Class and input of a command stay what
 * they are. It saves two kilobytes a command, a tenth of what a run allocates; a thread that did this can send
 * nothing to a real endpoint.
 */
export const spareMiddleware = (): void => {
  for (const command of [...commandClasses, ...innerClasses]) {
    const lineage = [command]
    for (let base = parentOf(command); base !== undefined; base = parentOf(base)) lineage.push(base)
    // [command …, class made for it, the SDK's Command]; spared already where there is no such end.
    const [belowBase, base] = lineage.slice(-2)
    if (belowBase !== undefined && base !== undefined && base !== Bare) Object.setPrototypeOf(belowBase, Bare)
  }
}

/** The class that another one extends. */
const parentOf = (child: object): object | undefined => {
  const parent: unknown = Object.getPrototypeOf(child)
  return typeof parent === 'function' && parent !== Function.prototype ? parent : undefined
}
