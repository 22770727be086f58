/** First steps in the demo. Loaded after the first rows. */

export const hints = {
  label: "First steps",
  step: (step: number, steps: number) => `${step} of ${steps}`,
  close: "Close the hints",
  next: "Next",
  sound: "Press “Start shift” above. An alarm that nobody hears is an alarm that nobody handles.",
  wait: "This is a harbour town in a computer. Its panels send real alarms; the first arrives in a moment. What else happens by itself, and where the telephones are, says the terminal.",
  claim: "An incident came in. Choose it with j and k or a click, then claim it with Space: now everybody sees that you have it.",
  open: "It is open beside the queue; where it is not, Enter opens it: what to check, what to ask, what the panel sent. Now press x: why it has this priority.",
  plan: "Its plan leads you: p goes to the step whose turn it is, and a digit says what became of it. Do the first.",
  note: "The next step has its turn, and so on to the last. What no step asks for is written down with n.",
  closing: "Done with it? c closes it; say what it was. What must be done first is listed there.",
  more: "Now pull the plug: press Enter in the terminal of the demo, and look here. The centre is killed, and comes back; nothing is lost.",
  done: "That was one alarm from first sound to closing. The keys are behind ?, the rest behind the tabs above.",
};

export type HintsTexts = typeof hints;
