package superweight.measure;

import java.util.List;
import java.util.stream.IntStream;

/** One item of a zero-shot task: what the model is asked, and when its answer is right. */
public sealed interface TaskItem {
    /** What has to be scored. */
    List<Continuation> continuations();

    /** Whether the answer is right, given one score for each continuation. */
    boolean isRight(List<LogLikelihood> scores);

    /** The probability that a guess is right. */
    double chance();

    /**
     * How far the right answer is ahead, in nats: its log-likelihood less that of the likeliest wrong one, or its own
     * where it is the only continuation. It moves long before an answer changes; the paper has no such measure.
     */
    double margin(List<LogLikelihood> scores);

    /**
     * Several continuations, of which the likeliest is the model's choice, and the first of several
     * that are equally likely; their lengths do not count (metric {@code acc}, not {@code acc_norm}).
     *
     * @param continuations the choices, each after its context
     * @param gold index of the right one
     */
    record MultipleChoice(List<Continuation> continuations, int gold) implements TaskItem {
        public MultipleChoice {
            continuations = List.copyOf(continuations);
        }

        @Override
        public boolean isRight(List<LogLikelihood> scores) {
            return choice(scores) == gold;
        }

        @Override
        public double chance() {
            return 1.0 / continuations.size();
        }

        @Override
        public double margin(List<LogLikelihood> scores) {
            double wrong = IntStream.range(0, scores.size())
                    .filter(i -> i != gold)
                    .mapToDouble(i -> scores.get(i).sum())
                    .max()
                    .orElseThrow();
            return scores.get(gold).sum() - wrong;
        }

        /** Index of the choice that the model makes. */
        public static int choice(List<LogLikelihood> scores) {
            int best = 0;
            for (int i = 1; i < scores.size(); i++) {
                if (scores.get(i).sum() > scores.get(best).sum()) {
                    best = i;
                }
            }
            return best;
        }
    }

    /** One continuation, right when the model's greedy one begins with it. */
    record Cloze(Continuation continuation) implements TaskItem {
        @Override
        public List<Continuation> continuations() {
            return List.of(continuation);
        }

        @Override
        public boolean isRight(List<LogLikelihood> scores) {
            return scores.get(0).greedy();
        }

        /** Nobody guesses one word of tens of thousands. */
        @Override
        public double chance() {
            return 0;
        }

        @Override
        public double margin(List<LogLikelihood> scores) {
            return scores.get(0).sum();
        }
    }
}
