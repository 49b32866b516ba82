#!/usr/bin/env node
import { processIo } from "./io.js";
import { main } from "./run.js";

process.exitCode = await main(process.argv.slice(2), processIo());
