package superweight.benchmarks;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import superweight.report.Figure.Source;
import superweight.report.LineFigure;

/** Draws what {@code benchmarks/cost.py} measured, as SVG and PNG with the CSV beside them. */
public final class CostFigures {
    private CostFigures() {}

    private record Curve(
            String name,
            String title,
            @SerializedName("x_axis") String xAxis,
            @SerializedName("y_axis") String yAxis,
            Map<String, List<Point>> lines) {
        LineFigure figure() {
            List<LineFigure.Series> series = lines.entrySet().stream()
                    .map(line -> new LineFigure.Series(
                            line.getKey(), Source.THIS_RUN, line.getValue().stream().map(Point::unlabelled).toList()))
                    .toList();
            return new LineFigure(title, xAxis, yAxis, series);
        }
    }

    private record Point(double x, double y) {
        LineFigure.Point unlabelled() {
            return new LineFigure.Point(x, y, "");
        }
    }

    /**
     * Reads the curves as JSON from standard input.
     *
     * @param args the folder that the figures go to
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Curve[] curves = new Gson().fromJson(
                new InputStreamReader(System.in, StandardCharsets.UTF_8), Curve[].class);
        for (Curve curve : curves) {
            LineFigure figure = curve.figure();
            Files.write(folder.resolve(curve.name() + ".svg"), figure.svg());
            Files.write(folder.resolve(curve.name() + ".png"), figure.png());
            Files.writeString(folder.resolve(curve.name() + ".csv"), figure.csv());
        }
    }
}
