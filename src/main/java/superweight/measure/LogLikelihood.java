package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.measure.Continuation.Tokenized;
import superweight.model.CausalLM;

/**
 * How likely a model finds one continuation of a context.
 *
 * @param sum of the log-probabilities of its tokens, in nats; a finite number
 * @param greedy whether the likeliest token, again and again, gives the same continuation
 */
public record LogLikelihood(double sum, boolean greedy) {

    /**
     * Scores many continuations under several conditions.
     *
     * <p>Continuations of one item are read together, what they begin with only once, unless a condition looks at
     * whole texts; that saves most of the time where contexts are long, and changes nothing but rounding.
     *
     * @param items the continuations of each item
     * @return for each condition and item, one result for each of its continuations
     * @throws ArithmeticException if a log-probability is not a finite number
     */
    static List<List<List<LogLikelihood>>> measureAll(
            CausalLM model, List<List<Tokenized>> items, List<Condition> conditions, Progress progress) {
        List<Tokenized> continuations = items.stream().flatMap(List::stream).toList();
        List<List<Tokenized>> alone = continuations.stream().map(List::of).toList();
        Map<Condition, List<LogLikelihood>> scores = new HashMap<>();
        Map<List<List<Tokenized>>, List<Condition>> readAs = conditions.stream().collect(Collectors.groupingBy(
                condition -> condition.looksAtWholeTexts() ? alone : items, LinkedHashMap::new, Collectors.toList()));
        double done = 0;
        for (List<List<Tokenized>> texts : readAs.keySet()) {
            List<Condition> some = readAs.get(texts);
            Progress part = progress.between(
                    done / conditions.size(), (done + some.size()) / conditions.size());
            List<List<LogLikelihood>> measured = measureTogether(model, texts, some, part);
            for (int i = 0; i < some.size(); i++) {
                scores.put(some.get(i), measured.get(i));
            }
            done += some.size();
        }
        return conditions.stream().map(condition -> perItem(items, scores.get(condition))).toList();
    }

    /** Scores continuations under one condition, each read by itself. */
    public static List<LogLikelihood> measure(
            CausalLM model, List<Tokenized> continuations, Condition condition, Progress progress) {
        return measureTogether(
                        model, continuations.stream().map(List::of).toList(), List.of(condition), progress)
                .get(0);
    }

    /** For each condition, the scores of all continuations. */
    private static List<List<LogLikelihood>> measureTogether(
            CausalLM model, List<List<Tokenized>> texts, List<Condition> conditions, Progress progress) {
        List<Tokenized> continuations = texts.stream().flatMap(List::stream).toList();
        int[] targets = continuations.stream().flatMapToInt(each -> Arrays.stream(each.targets())).toArray();
        double[][] logProbabilities = new double[conditions.size()][targets.length];
        boolean[][] likeliest = new boolean[conditions.size()][targets.length];
        LastLogits.read(
                model,
                texts.stream().flatMap(item -> Tokenized.readTogether(item).stream()).toList(),
                conditions,
                progress,
                (condition, first, logits) -> {
                    int rows = Math.toIntExact(logits.getShape().get(0));
                    int[] wanted = Arrays.copyOfRange(targets, first, first + rows);
                    NDArray next = logits.getManager()
                            .create(wanted)
                            .toType(DataType.INT64, false)
                            .reshape(-1, 1);
                    float[] scores = logits.logSoftmax(-1).gather(next, 1).toFloatArray();
                    long[] best = logits.argMax(-1).toLongArray();
                    for (int row = 0; row < rows; row++) {
                        logProbabilities[condition][first + row] = scores[row];
                        likeliest[condition][first + row] = best[row] == wanted[row];
                    }
                });
        return IntStream.range(0, conditions.size())
                .mapToObj(i -> perContinuation(continuations, logProbabilities[i], likeliest[i]))
                .toList();
    }

    private static List<List<LogLikelihood>> perItem(List<List<Tokenized>> items, List<LogLikelihood> scores) {
        Iterator<LogLikelihood> next = scores.iterator();
        return items.stream().map(item -> item.stream().map(each -> next.next()).toList()).toList();
    }

    private static List<LogLikelihood> perContinuation(
            List<Tokenized> continuations, double[] logProbabilities, boolean[] likeliest) {
        List<LogLikelihood> measured = new ArrayList<>();
        int token = 0;
        for (Tokenized continuation : continuations) {
            double sum = 0;
            boolean greedy = true;
            for (int end = token + continuation.scored(); token < end; token++) {
                sum += logProbabilities[token];
                greedy &= likeliest[token];
            }
            if (!Double.isFinite(sum)) {
                throw Overflow.of("log-likelihood is not a finite number");
            }
            measured.add(new LogLikelihood(sum, greedy));
        }
        return measured;
    }
}
