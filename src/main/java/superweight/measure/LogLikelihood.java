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
     * What the model reads at once to score some continuations.
     *
     * @param continuations those of one item, or a single one
     * @param wanted the same as the model reads them
     */
    private record Reading(List<Tokenized> continuations, List<LastStates.Wanted> wanted) {
        static Reading of(List<Tokenized> continuations) {
            return new Reading(continuations, Tokenized.readTogether(continuations));
        }

        int tokens() {
            return wanted.stream().mapToInt(each -> each.sequence().tokens()).sum();
        }
    }

    /** One result for each continuation of a reading. */
    private record Scores(List<LogLikelihood> continuations) {}

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
        List<List<Tokenized>> alone = items.stream().flatMap(List::stream).map(List::of).toList();
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
        List<Reading> readings = texts.stream().map(Reading::of).toList();
        return Batches.measureAll(model, readings, Reading::tokens, conditions, Scores.class, progress,
                        (batch, some, part) -> measureBatch(model, batch, some, part)).stream()
                .map(each -> each.stream().flatMap(scores -> scores.continuations.stream()).toList())
                .toList();
    }

    private static List<Scores> measureBatch(
            CausalLM model, List<Reading> texts, List<Condition> conditions, Progress progress) {
        int[] targets = texts.stream()
                .flatMap(text -> text.continuations.stream())
                .flatMapToInt(each -> Arrays.stream(each.targets()))
                .toArray();
        double[][] logProbabilities = new double[conditions.size()][targets.length];
        boolean[][] likeliest = new boolean[conditions.size()][targets.length];
        List<LastStates.Wanted> wanted = texts.stream().flatMap(text -> text.wanted.stream()).toList();
        LastLogits.read(model, wanted, conditions, progress, (condition, first, logits) -> {
            int rows = Math.toIntExact(logits.getShape().get(0));
            int[] next = Arrays.copyOfRange(targets, first, first + rows);
            NDArray ids = logits.getManager()
                    .create(next)
                    .toType(DataType.INT64, false)
                    .reshape(-1, 1);
            float[] scores = logits.logSoftmax(-1).gather(ids, 1).toFloatArray();
            long[] best = logits.argMax(-1).toLongArray();
            for (int row = 0; row < rows; row++) {
                logProbabilities[condition][first + row] = scores[row];
                likeliest[condition][first + row] = best[row] == next[row];
            }
        });
        return IntStream.range(0, conditions.size())
                .mapToObj(i -> perReading(texts, logProbabilities[i], likeliest[i]))
                .flatMap(List::stream)
                .toList();
    }

    private static List<List<LogLikelihood>> perItem(List<List<Tokenized>> items, List<LogLikelihood> scores) {
        Iterator<LogLikelihood> next = scores.iterator();
        return items.stream().map(item -> item.stream().map(each -> next.next()).toList()).toList();
    }

    private static List<Scores> perReading(List<Reading> texts, double[] logProbabilities, boolean[] likeliest) {
        List<Scores> measured = new ArrayList<>();
        int token = 0;
        for (Reading text : texts) {
            List<LogLikelihood> scores = new ArrayList<>();
            for (Tokenized continuation : text.continuations) {
                int end = token + continuation.scored();
                scores.add(ofTokens(logProbabilities, likeliest, token, end));
                token = end;
            }
            measured.add(new Scores(List.copyOf(scores)));
        }
        return measured;
    }

    private static LogLikelihood ofTokens(double[] logProbabilities, boolean[] likeliest, int from, int to) {
        double sum = 0;
        boolean greedy = true;
        for (int token = from; token < to; token++) {
            sum += logProbabilities[token];
            greedy &= likeliest[token];
        }
        if (!Double.isFinite(sum)) {
            throw Overflow.of("log-likelihood is not a finite number");
        }
        return new LogLikelihood(sum, greedy);
    }
}
