package superweight.measure;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.model.Sequence;
import superweight.model.Tokenizer;
import superweight.model.Tokenizer.Bos;

/**
 * A text and how it might go on, what a zero-shot task asks the model about.
 *
 * @param context what the model is given
 * @param text what it may go on with; a space between the two belongs here
 */
public record Continuation(String context, String text) {
    private static final int SHOWN = 40;

    /**
     * The tokens that are read and those that are scored, as lm-evaluation-harness has them: the
     * context's trailing white space moves to the continuation, the two are tokenized together and
     * parted after as many tokens as the context has by itself; what is too long for the model loses
     * its beginning.
     *
     * @param maxPositions the longest sequence that the model reads, in tokens
     * @throws InvalidInputException if there is no token to go on from or none to score, or the
     *     continuation alone is too long
     */
    public Tokenized tokenized(Tokenizer tokenizer, Bos bos, int maxPositions) {
        int[] ids = tokenizer.encode(context + text, bos);
        int given = tokenizer.encode(PythonText.stripTrailing(context), bos).length;
        int scored = ids.length - given;
        if (given == 0) {
            throw new InvalidInputException("The context of the continuation '" + beginning()
                    + "' is empty: the model needs a token to go on from.");
        }
        if (scored < 1 || scored > maxPositions) {
            throw new InvalidInputException("The continuation '" + beginning()
                    + "' must add from 1 to " + maxPositions + " tokens to its context, as many as the model reads,"
                    + " but it adds " + scored + ".");
        }
        // The last token is scored and never read, so one more than the model reads is kept.
        return new Tokenized(
                Arrays.copyOfRange(ids, Math.max(0, ids.length - maxPositions - 1), ids.length), scored);
    }

    private String beginning() {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /**
     * The same in tokens.
     *
     * @param ids context and continuation
     * @param scored how many of the last ids are the continuation; fewer than all
     */
    public record Tokenized(int[] ids, int scored) {
        /** The tokens to be predicted. */
        public int[] targets() {
            return Arrays.copyOfRange(ids, ids.length - scored, ids.length);
        }

        /** What the model reads to predict them: all tokens but the last. */
        private int[] read() {
            return Arrays.copyOf(ids, ids.length - 1);
        }

        /**
         * What the model reads to score some continuations: one sequence, which reads their common beginning only once;
         * one each where they have none.
         */
        static List<LastStates.Wanted> readTogether(List<Tokenized> continuations) {
            Sequence sequence =
                    Sequence.sharingTheirBeginning(continuations.stream().map(Tokenized::read).toList());
            return sequence.beginning() > 0
                    ? List.of(wanted(sequence, continuations))
                    : continuations.stream().map(each -> wanted(Sequence.of(each.read()), List.of(each))).toList();
        }

        private static LastStates.Wanted wanted(Sequence sequence, List<Tokenized> continuations) {
            IntStream positions = IntStream.range(0, continuations.size()).flatMap(text -> {
                Tokenized continuation = continuations.get(text);
                int last = continuation.ids.length - 1;
                return IntStream.range(last - continuation.scored, last)
                        .map(position -> sequence.index(text, position));
            });
            return new LastStates.Wanted(sequence, positions.toArray());
        }
    }
}
