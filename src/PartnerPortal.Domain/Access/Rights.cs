namespace PartnerPortal.Domain.Access;

/// <summary>The rights table: which role may do what. The one place that decides it for pages, handlers, API, exports, search and feeds.</summary>
public static class Rights
{
    private static readonly Dictionary<Role, Right[]> Table = new()
    {
        [Role.Guest] = [Right.SignedIn, Right.AnswerOwnItems],
        [Role.Viewer] = [Right.SignedIn, Right.Read],
        [Role.Engineer] = [Right.SignedIn, Right.Read, Right.Edit, Right.AnswerOwnItems, Right.AnswerReviews, Right.ConcludeReviews, Right.Respond, Right.EditPolicies, Right.RequestMoves],
        [Role.Operator] = [Right.SignedIn, Right.Read, Right.Edit, Right.AnswerOwnItems, Right.AnswerReviews, Right.Respond, Right.EditPolicies, Right.RequestMoves],
        [Role.Manager] = [Right.SignedIn, Right.Read, Right.Edit, Right.AnswerOwnItems, Right.AnswerReviews, Right.Respond, Right.EditPolicies, Right.RequestMoves, Right.MoveStages],
        [Role.Administrator] = Enum.GetValues<Right>(),
    };

    /// <summary>What a role may do.</summary>
    public static IReadOnlyList<Right> Of(Role role) => Table[role];

    /// <summary>Whether a role may do this.</summary>
    public static bool Has(Role role, Right right) => Table[role].Contains(right);
}
