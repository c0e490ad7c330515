package superweight.measure;

import java.util.List;

/** One item of a zero-shot task: what the model is asked, and when its answer is right. */
public sealed interface TaskItem {
    /** What has to be scored. */
    List<Continuation> continuations();

    /** Whether the answer is right, given one score for each continuation. */
    boolean isRight(List<LogLikelihood> scores);

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
    }
}
