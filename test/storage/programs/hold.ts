// hold.ts <database>: takes the write lock, says so, and keeps it until its input ends.
import { openDatabase } from '../../../src/storage/database.ts';

const database = openDatabase(process.argv[2] ?? '');
database.exec('BEGIN IMMEDIATE');
console.log('held');
process.stdin.on('end', () => database.close()).resume();
