/** The script tag's door: options from the script element, the module from beside the script. */
import { fetchModule } from './fetched.js';
import { start } from './main.js';
import { guard } from './natives.js';
import { fromScript } from './options.js';

guard(start)(fromScript, fetchModule);
