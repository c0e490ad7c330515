package superweight.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import superweight.measure.Accuracy;
import superweight.measure.AverageAccuracy;
import superweight.measure.ZeroShotTask;

/** One row of a table of the paper as claims name its cells: one a task, and the average. */
public final class AccuracyClaims {
    private AccuracyClaims() {}

    /** How claims name a task's cell: {@code arc-easy}, {@code lambada}. */
    static String cell(ZeroShotTask task) {
        return task.toString().replace("_openai", "").replace('_', '-');
    }

    /**
     * The cells that can be held against printed ones, in percent by what their claims' ids begin with: tasks of which
     * every item was run, and the average where these are all seven.
     *
     * @param row what the ids of the row begin with, such as {@code table-5-original}
     * @param tasks of the average, in its order
     */
    public static Map<String, Double> of(String row, List<ZeroShotTask> tasks, AverageAccuracy measured) {
        Map<String, Double> cells = new LinkedHashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            Accuracy accuracy = measured.tasks().get(i);
            if (accuracy.items() == tasks.get(i).wholeSize()) {
                cells.put(row + "-" + cell(tasks.get(i)), 100 * accuracy.value());
            }
        }
        if (cells.size() == ZeroShotTask.values().length) {
            cells.put(row + "-average", 100 * measured.value());
        }
        return cells;
    }
}
