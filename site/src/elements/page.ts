/**
 * The elements of the lessons, as one small script: they only wait. Editor, graph and engine come when one
 * of them is reached.
 */
// First: it gives the fields in it what the learner had written.
import './exercise';
import './answer';
import './lab';
import './predict';
import './progress';
import './sandbox';
import './term';
import './try';
