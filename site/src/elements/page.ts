/**
 * The elements of the lessons, as one small script: they only wait. Editor, graph and engine come when one
 * of them is reached.
 */
import './text-answer';
import './exercise';
import './lab';
import './predict';
import './progress';
import './sandbox';
import './term';
import './try';
