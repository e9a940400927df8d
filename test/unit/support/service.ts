/** What most steps are given: a scripted service, and time and chance that the test decides. */
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { createClient } from './api';
import { VirtualClock } from './clock';
import { fresh } from './fresh';
import { ScriptedHttp } from './http';

export const http = fresh(() => new ScriptedHttp());
export const clock = fresh(() => new VirtualClock());
export const client = fresh(() => createClient(http, clock));
export const calls = fresh(() => new PatientCalls(clock));
