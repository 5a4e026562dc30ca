namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Whether the types of an expression's parts fit; the sentences are Prometheus's (promql/parser/parse.go, checkAST).</summary>
internal static class TypeChecks
{
    public static void Check(CallExpression call)
    {
        var (takes, given, name) = (call.Function.Takes, call.Arguments.Count, call.Function.Name);
        switch (call.Function.Optional)
        {
            case 0 when given != takes.Count:
                throw new ExpressionRefused($"expected {takes.Count} argument(s) in call to \"{name}\", got {given}", call.Position);
            case not 0 when given < takes.Count - Math.Abs(call.Function.Optional):
                throw new ExpressionRefused($"expected at least {takes.Count - Math.Abs(call.Function.Optional)} argument(s) in call to \"{name}\", got {given}", call.Position);
            case > 0 when given > takes.Count:
                throw new ExpressionRefused($"expected at most {takes.Count} argument(s) in call to \"{name}\", got {given}", call.Position);
        }
        for (var i = 0; i < given; i++)
            Expect(call.Arguments[i], takes[Math.Min(i, takes.Count - 1)], $"call to function \"{name}\"");
    }

    public static void Check(AggregateExpression aggregate)
    {
        Expect(aggregate.Inner, ExpressionType.InstantVector, "aggregation expression");
        if (aggregate.Parameter is { } parameter)
            Expect(parameter, aggregate.Kind == AggregateKind.CountValues ? ExpressionType.Text : ExpressionType.Scalar, "aggregation parameter");
    }

    public static void Check(UnaryExpression unary)
    {
        if (unary.Inner.Type is not (ExpressionType.Scalar or ExpressionType.InstantVector))
            throw new ExpressionRefused($"unary expression only allowed on expressions of type scalar or instant vector, got \"{Words.Documented(unary.Inner.Type)}\"", unary.Position);
    }

    public static void Check(SubqueryExpression subquery)
    {
        if (subquery.Inner.Type != ExpressionType.InstantVector)
            throw new ExpressionRefused($"subquery is only allowed on instant vector, got {Words.Documented(subquery.Inner.Type)} instead", subquery.Position);
    }

    /// <summary>Checks an operator between two sides.</summary>
    /// <param name="binary">The operation, its matching as it was read.</param>
    /// <param name="at">Where the operator stands.</param>
    /// <param name="matched">Whether labels to match were named.</param>
    public static void Check(BinaryExpression binary, int at, bool matched)
    {
        var (op, left, right) = (binary.Operator, binary.Left.Type, binary.Right.Type);
        if (binary.ReturnsBool && !op.IsComparison())
            throw new ExpressionRefused("bool modifier can only be used on comparison operators", at);
        if (op.IsComparison() && !binary.ReturnsBool && left == ExpressionType.Scalar && right == ExpressionType.Scalar)
            throw new ExpressionRefused("comparisons between scalars must use BOOL modifier", at);
        if (op.IsSet() && binary.Matching is { Cardinality: not Cardinality.ManyToMany })
            throw new ExpressionRefused($"no grouping allowed for \"{op.Spelled()}\" operation", at);
        if (binary.Matching is { On: true } on && on.Labels.FirstOrDefault(on.Include.Contains) is { } both)
            throw new ExpressionRefused($"label \"{both}\" must not occur in ON and GROUP clause at once", at);
        foreach (var side in binary.Parts)
        {
            if (side.Type is not (ExpressionType.Scalar or ExpressionType.InstantVector))
                throw new ExpressionRefused("binary expression must contain only scalar and instant vector types", side.Position);
        }
        if (left == ExpressionType.InstantVector && right == ExpressionType.InstantVector)
            return;
        if (matched)
            throw new ExpressionRefused("vector matching only allowed between instant vectors", at);
        if (op.IsSet())
            throw new ExpressionRefused($"set operator \"{op.Spelled()}\" not allowed in binary scalar expression", at);
    }

    private static void Expect(Expression part, ExpressionType type, string where)
    {
        if (part.Type != type)
            throw new ExpressionRefused($"expected type {Words.Documented(type)} in {where}, got {Words.Documented(part.Type)}", part.Position);
    }
}
