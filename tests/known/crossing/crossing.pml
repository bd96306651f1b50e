/* An applicant that may ask again, and an owner that allows or refuses: two queues of two places.
 *
 *   (nothing)                           flow without_name, check both
 *   -DLATE                              flow late_answers_count, check both
 *
 * spin -o2 -a [above] crossing.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 */

#define ROOM 2

mtype = { without, asking, having, unasked, asked, allowing };
mtype = { ask, allow, refuse };

mtype applicant, owner;
chan to_owner     = [ROOM] of { mtype };
chan to_applicant = [ROOM] of { mtype };

mtype m;                              /* a temporary, 0 between the steps */

init {
	d_step { applicant = without; owner = unasked };
	do
	:: d_step { applicant != having && nfull(to_owner) -> to_owner!ask; applicant = asking }

	:: d_step { nempty(to_applicant) -> to_applicant?m;
		if
		:: m == allow && applicant == asking -> applicant = having
#ifdef LATE
		:: m == allow && applicant == without -> applicant = having
#endif
		:: m == refuse && applicant == asking -> applicant = without
		:: else
		fi; m = 0 }

	:: d_step { nempty(to_owner) -> to_owner?m;
		if
		:: owner == unasked -> owner = asked
		:: else
		fi; m = 0 }

	:: d_step { owner == asked && nfull(to_applicant) -> to_applicant!allow; owner = allowing }
	:: d_step { owner == asked && nfull(to_applicant) -> to_applicant!refuse; owner = unasked }
	od
}
