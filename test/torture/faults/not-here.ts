/** This machine, or this repository's history, has not what the fault needs: the report says so, and the round goes on without it. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}
