package superweight.report;

import java.util.ArrayList;
import java.util.List;
import superweight.report.TableOne.Row;
import superweight.report.ZeroShotComparison.Task;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/**
 * What a {@link ZeroShotComparison} says about the accuracies of the paper's Table 1 and the sentences about them.
 *
 * @param comparison what was measured; under the conditions of all of Table 1's rows and {@value #SEVEN_THOUSAND}
 * @param bootstrap of all intervals, over items
 */
public record ZeroShotClaims(ZeroShotComparison comparison, PairedBootstrap bootstrap) {
    /** The condition that takes the paper's "7,000 largest-magnitude other weights" at its word. */
    public static final String SEVEN_THOUSAND = "7,000 largest of the model";

    /**
     * What can be held against the printed values on the paper's own model: tasks of which all items were run, and what
     * is about the average only where these are all seven.
     */
    public List<Measured> onThePapersModel() {
        List<Task> whole = comparison.tasks().stream().filter(Task::isWhole).toList();
        ZeroShotClaims some = new ZeroShotClaims(new ZeroShotComparison(comparison.conditions(), whole), bootstrap);
        List<Measured> measured = some.cells();
        if (some.hasAllTasks()) {
            measured.addAll(some.averages());
            measured.addAll(some.sentences());
        }
        return measured;
    }

    /** What another model shows of the same effects, on the tasks that were run; averages of Table 1 need all seven. */
    public List<Measured> onAnotherModel() {
        List<Measured> measured = cells();
        if (hasAllTasks()) {
            measured.addAll(averages());
        }
        if (!comparison.tasks().isEmpty()) {
            measured.addAll(sentences());
        }
        return measured;
    }

    private boolean hasAllTasks() {
        return comparison.tasks().stream().map(Task::task).toList().containsAll(TableOne.TASKS);
    }

    private List<Measured> cells() {
        List<Measured> cells = new ArrayList<>();
        for (Task task : comparison.tasks()) {
            String name = AccuracyClaims.cell(task.task());
            for (Row row : Row.values()) {
                int condition = index(row);
                Measured cell = Measured.of(
                        "table-1-%s-%s".formatted(row.claim(), name), 100 * task.accuracies().get(condition).value());
                cells.add(row == Row.ORIGINAL ? cell
                        : ZeroShotComparison.leftAboveGuessing(task, condition, bootstrap)
                                .map(cell::withEffect)
                                .orElse(cell));
            }
        }
        return cells;
    }

    private List<Measured> averages() {
        List<Measured> averages = new ArrayList<>();
        for (Row row : Row.values()) {
            Measured average = Measured.of(
                    "table-1-%s-average".formatted(row.claim()), 100 * comparison.average(index(row)).value());
            averages.add(row == Row.ORIGINAL ? average
                    : average.withEffect(comparison.ratio(index(row), index(Row.ORIGINAL), bootstrap)));
        }
        return averages;
    }

    /** The sentences about accuracy as a whole. */
    private List<Measured> sentences() {
        List<Measured> sentences = new ArrayList<>();
        int pruned = index(Row.PRUNED);
        Interval share = comparison.ratio(pruned, index(Row.ORIGINAL), bootstrap);
        sentences.add(Measured.of("plummets-to-zero", 100 * comparison.average(pruned).value()).withEffect(share));
        left("falls-to-guessing", pruned, sentences);
        left("seven-thousand-weights-cost-little-accuracy", comparison.index(SEVEN_THOUSAND), sentences);
        left("a-millionth-of-each-matrix-costs-little-accuracy", index(Row.OTHERS_PRUNED), sentences);
        comparison.recovered(pruned, index(Row.RESTORED), bootstrap).ifPresent(recovered ->
                sentences.add(Measured.of("recovered-share", recovered).withEffect(recovered)));
        return sentences;
    }

    private void left(String claim, int condition, List<Measured> sentences) {
        comparison.leftAboveGuessing(condition, bootstrap).ifPresent(left ->
                sentences.add(Measured.of(claim, left).withEffect(left)));
    }

    private int index(Row row) {
        return comparison.index(row.condition());
    }
}
