package superweight.benchmarks;

import java.util.Arrays;
import java.util.List;
import superweight.Progress;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.LogLikelihood;
import superweight.measure.Perplexity;
import superweight.measure.TaskItem;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

/** What is timed: the library's own entry points, called as its commands call them. */
sealed interface Measurement {
    /** Values that the other side must find too. */
    double[] run(CausalLM model);

    /**
     * The loss of the original model.
     *
     * @param windows token ids, each of the same length
     */
    record TextPerplexity(List<int[]> windows) implements Measurement {
        /** The mean negative log-likelihood of each window. */
        @Override
        public double[] run(CausalLM model) {
            return Perplexity.measure(model, windows, Condition.ORIGINAL, Progress.NONE).nll();
        }
    }

    /**
     * The loss with one weight of down_proj multiplied by each of some factors in turn.
     *
     * @param windows token ids, each of the same length
     * @param at the weight, as layer:row:column
     */
    record Sweep(List<int[]> windows, String at, double[] factors) implements Measurement {
        /** The mean negative log-likelihood for each factor. */
        @Override
        public double[] run(CausalLM model) {
            Coordinate weight = Coordinate.parse(at);
            List<Condition> conditions = Arrays.stream(factors)
                    .mapToObj(factor -> new Condition("x " + factor, List.of(Intervention.scale(weight, factor))))
                    .toList();
            return Perplexity.measureAll(model, windows, conditions, Progress.NONE).stream()
                    .mapToDouble(Perplexity::meanNll)
                    .toArray();
        }
    }

    /**
     * The choices of a task's first items; their tokens are made anew from the text, within the time.
     *
     * @param task the task's name
     * @param data folder that holds its items
     * @param count how many
     */
    record Choices(String task, String data, int count) implements Measurement {
        /** The log-likelihood of every choice of every item. */
        @Override
        public double[] run(CausalLM model) {
            List<TaskItem> items = Questions.Items.items(task, data, count);
            return Accuracy.measure(model, items, Condition.ORIGINAL, Questions.BOS, Progress.NONE).outcomes().stream()
                    .flatMap(outcome -> outcome.scores().stream())
                    .mapToDouble(LogLikelihood::sum)
                    .toArray();
        }
    }
}
