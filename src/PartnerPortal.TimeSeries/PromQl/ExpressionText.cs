using System.Globalization;
using System.Text;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Writes an expression so that it reads as the same expression.</summary>
internal static class ExpressionText
{
    public static string Of(Expression expression)
    {
        var text = new StringBuilder();
        Write(text, expression);
        return text.ToString();
    }

    private static StringBuilder Write(StringBuilder text, Expression expression) => expression switch
    {
        NumberExpression number => text.Append(Number(number.Value)),
        TextExpression quoted => text.Append('"').Append(Escaped(quoted.Value)).Append('"'),
        SelectorExpression selector => Shift(text.Append(selector.Selector), selector.Shift),
        RangeExpression range => Shift(text.Append(range.Inner.Selector).Append('[').Append(PromDuration.Show(range.Range)).Append(']'), range.Inner.Shift),
        SubqueryExpression sub => Shift(Write(text, sub.Inner).Append('[').Append(PromDuration.Show(sub.Range)).Append(':')
            .Append(sub.Step is { } step ? PromDuration.Show(step) : "").Append(']'), sub.Shift),
        UnaryExpression unary => Write(text.Append(unary.Negative ? '-' : '+'), unary.Inner),
        BracketExpression bracket => Write(text.Append('('), bracket.Inner).Append(')'),
        BinaryExpression binary => Write(Operator(Write(text, binary.Left), binary), binary.Right),
        AggregateExpression aggregate => List(Grouping(text.Append(Words.Spelled(aggregate.Kind)), aggregate), aggregate.Parts),
        CallExpression call => List(text.Append(call.Function.Name), call.Arguments),
        _ => throw new ArgumentException("The expression is of an unknown kind.", nameof(expression)),
    };

    public static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Inf" : "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string value) => value
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static StringBuilder List(StringBuilder text, IReadOnlyList<Expression> parts)
    {
        text.Append('(');
        for (var i = 0; i < parts.Count; i++)
            Write(text.Append(i == 0 ? "" : ", "), parts[i]);
        return text.Append(')');
    }

    private static StringBuilder Grouping(StringBuilder text, AggregateExpression aggregate) =>
        aggregate is { Without: false, Labels.Count: 0 } ? text : text.Append(aggregate.Without ? " without (" : " by (").AppendJoin(", ", aggregate.Labels).Append(") ");

    private static StringBuilder Operator(StringBuilder text, BinaryExpression binary)
    {
        text.Append(' ').Append(binary.Operator.Spelled()).Append(' ').Append(binary.ReturnsBool ? "bool " : "");
        if (binary.Matching is not { } matching)
            return text;
        var grouped = matching.Cardinality is Cardinality.ManyToOne or Cardinality.OneToMany;
        if (matching.On || matching.Labels.Count > 0 || grouped)
            text.Append(matching.On ? "on (" : "ignoring (").AppendJoin(", ", matching.Labels).Append(") ");
        if (grouped)
            text.Append(matching.Cardinality == Cardinality.ManyToOne ? "group_left (" : "group_right (").AppendJoin(", ", matching.Include).Append(") ");
        return text;
    }

    private static StringBuilder Shift(StringBuilder text, TimeShift shift)
    {
        if (shift.At is { } at)
            text.Append(" @ ").Append((at / 1000m).ToString("0.000", CultureInfo.InvariantCulture));
        else if (shift.Edge != TimeEdge.None)
            text.Append(shift.Edge == TimeEdge.Start ? " @ start()" : " @ end()");
        if (shift.Offset != 0)
            text.Append(" offset ").Append(shift.Offset < 0 ? "-" : "").Append(PromDuration.Show(TimeSpan.FromMilliseconds(Math.Abs(shift.Offset))));
        return text;
    }
}
